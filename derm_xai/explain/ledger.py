"""The evidence ledger: every term of the score, which adds up to it exactly."""

import torch
from torch import Tensor

from derm_xai.classify.lesion import lesion
from derm_xai.classify.predict import Evidence, PhotoEvidence
from derm_xai.explain.regions import regions
from derm_xai.language import later
from derm_xai.notes.levels import FIELDS, encode
from derm_xai.records import ClinicalContext, EvidenceMap, Ledger, Map, Source, Term, Vector


@torch.inference_mode()
def ledger(evidence: Evidence, context: ClinicalContext) -> Ledger:
    """Return the terms in the order they are read: prior, photos with their image types, notes fields (recorded or not)."""
    scores = evidence.scores().double()
    terms = [_fixed("prior", "prior", later("every diagnosis equally likely beforehand"), evidence.prior)]
    for photo in evidence.photos:
        total = photo.cells.double().sum((2, 3))
        mean, spread = _vector(total.mean(0)), _vector(total.std(0))
        terms.append(Term(source="photo", name=photo.image_type, level="all cells", mean=mean, spread=spread))
        terms.append(_fixed("image_type", "image type", photo.image_type, photo.type_term))
    for field, level, term in zip(FIELDS, encode(context), evidence.notes, strict=True):
        terms.append(_fixed("notes", field.name, field.levels[level], term))
    maps = tuple(map(_evidence_map, evidence.photos))
    return Ledger(terms=tuple(terms), photos=maps, score=_vector(scores.mean(0)), spread=_vector(scores.std(0)))


def _evidence_map(photo: PhotoEvidence) -> EvidenceMap:
    mean, mask = photo.cells.double().mean(0), lesion(photo.outline).mask
    return EvidenceMap(
        image_type=photo.image_type,
        mean=_maps(mean),
        spread=_maps(photo.cells.std(0)),
        regions=tuple(regions(cells, mask) for cells in mean.numpy()),
    )


def _fixed(source: Source, name: str, level: str, values: Tensor) -> Term:
    return Term(source=source, name=name, level=level, mean=_vector(values), spread=(0.0,) * len(values))


def _vector(values: Tensor) -> Vector:
    return tuple(values.tolist())


def _maps(values: Tensor) -> tuple[Map, ...]:
    return tuple(tuple(map(tuple, cells)) for cells in values.tolist())
