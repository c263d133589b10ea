"""Where each concept is seen: the network's own concept maps, which add nothing to the score.

The heads learnt MONET's scores of whole photos (Kim et al. 2024), pooled as the evidence is, so that a place was never taught:
where a concept stands is what the head makes of each cell. The mean over a map, as log-odds, is that of the photo's value.
"""

import torch

from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.predict import Evidence, PhotoEvidence
from derm_xai.records import ConceptMap
from derm_xai.vocabulary import VisualConcept


@torch.inference_mode()
def concept_maps(evidence: Evidence, network: EvidenceNet) -> tuple[ConceptMap, ...]:
    """Return each concept's map in each photo, cells in 0..1, dropout off."""
    return tuple(each for place, photo in enumerate(evidence.photos) for each in _of_photo(place, photo, network))


def _of_photo(place: int, photo: PhotoEvidence, network: EvidenceNet) -> list[ConceptMap]:
    cells = network.concepts(network.activations(photo.trunk))[0].sigmoid().tolist()
    return [
        ConceptMap(photo=place, concept=concept, value=value, cells=tuple(map(tuple, own)))
        for concept, value, own in zip(VisualConcept, photo.concepts.tolist(), cells, strict=True)
    ]
