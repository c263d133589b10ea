"""The report card: whether one photo's evidence map can be trusted in this case, each line measured on this very photo.

- Inside: the leading diagnosis' positive evidence inside the lesion's outline over the outline's share of the photo (the
  "energy" of a map within the object; Wang et al. 2020, Score-CAM, arXiv 1910.01279, section 4.4).
- Drop: what hiding the hottest fifth does to the log-odds, less what hiding as much elsewhere does (`hiding`).
- Stability: the correlation of each Monte Carlo sample's map with their mean map, averaged over the samples.
- Agreement: the correlation with captum's Grad-CAM (`heatmap`).
- Holds: the log-odds that the leading diagnosis keeps when a fifth of the photo away from its evidence is hidden, at the least.
- Lead: its lead over the runner-up, in spreads of that lead over the Monte Carlo samples.
- Clear: one minus the most that hair, gel or ink is seen under the hottest fifth, by the network's own concept maps.

Every number is better when higher. A line's grade rises from 0 to 1 between two limits, and the card's score is the grades'
weighted mean; limits and weights were fitted on calibration cases (`cardlimits`). "Holds" and "lead" speak of the answer
more than of the map: a map of an answer that hangs by a thread is not to be relied on, and these two tell wrong answers best.
They may not speak for a map alone: one whose hottest fifth matters no more than the rest is read with care at best.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from derm_xai.classify.checkpoint import Model
from derm_xai.classify.lesion import lesion
from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.predict import Evidence, PhotoEvidence
from derm_xai.classify.preprocess import resize
from derm_xai.explain.cardlimits import graded, reading
from derm_xai.explain.finer import cell_of_pixel
from derm_xai.explain.hiding import Mask, drops, elsewhere, hottest, log_odds, shown
from derm_xai.explain.regions import inside_ratio
from derm_xai.records import GradCam, LesionPhoto, ReportCard
from derm_xai.vocabulary import DIAGNOSES, VisualConcept

PASSES = 6
"""Of the network, in all; a photo gets at least two (hot and one control) and at most four."""
_LEAST_SPREAD = 1e-3
_IN_THE_WAY = tuple(list(VisualConcept).index(each) for each in (VisualConcept.HAIR, VisualConcept.GEL, VisualConcept.INK))


def report_cards(
    evidence: Evidence, photos: Sequence[LesionPhoto], cams: Sequence[GradCam], model: Model, seed: int
) -> tuple[ReportCard, ...]:
    """Return a card for each photo's map of the leading diagnosis; none for a model without limits.

    `cams`: Grad-CAM of at least the leading diagnosis, for each photo.
    """
    limits = model.manifest.thresholds.card
    if limits is None:
        return ()
    cards = []
    for photo, numbers in zip(photos, measures(evidence, photos, cams, model.network, seed), strict=True):
        checks = graded(numbers, limits)
        score = sum(check.grade * check.weight for check in checks)
        cards.append(
            ReportCard(
                image_type=photo.image_type,
                diagnosis=evidence.leader,
                checks=checks,
                score=score,
                overall=reading(score, numbers["drop"], limits),
            )
        )
    return tuple(cards)


def measures(
    evidence: Evidence, photos: Sequence[LesionPhoto], cams: Sequence[GradCam], network: EvidenceNet, seed: int
) -> list[dict[str, float]]:
    """Return the number of each check, for each photo."""
    agreements = [cam.agreement for cam in cams if cam.diagnosis == evidence.leader]
    return [
        _measure(evidence, place, photo, network, agreement, seed)
        for place, (photo, agreement) in enumerate(zip(photos, agreements, strict=True))
    ]


def _measure(
    evidence: Evidence, place: int, photo: LesionPhoto, network: EvidenceNet, agreement: float, seed: int
) -> dict[str, float]:
    seen, index = evidence.photos[place], DIAGNOSES.index(evidence.leader)
    hot = hottest(shown(evidence, place, index))
    controls = max(2, min(4, PASSES // len(evidence.photos))) - 1
    fall = drops(evidence, place, index, resize(photo.pixels), [hot, *elsewhere(hot, controls, seed)], network)
    scores = evidence.scores().double()
    return {
        "inside": inside_ratio(seen.cells[:, index].double().mean(0).numpy(), lesion(seen.outline).mask),
        "drop": float(fall[0] - fall[1:].mean()),
        "stability": stability(seen, index),
        "agreement": agreement,
        "holds": float(log_odds(scores.mean(0), index)) - float(fall[1:].max()),
        "lead": lead(scores),
        "clear": 1 - in_the_way(seen, network, hot),
    }


def stability(photo: PhotoEvidence, index: int) -> float:
    """Return the mean of Pearson's r between each sample's map of one class and their mean; 0 for maps without variation."""
    maps = photo.cells[:, index].double().flatten(1)
    centred = maps - maps.mean(1, keepdim=True)
    mean = centred.mean(0)
    lengths = centred.norm(dim=1) * mean.norm()
    return float(torch.where(lengths > 0, centred @ mean / lengths, 0.0).mean())


def lead(scores: Tensor) -> float:
    """Return the lead of the first class over the second, over its own spread, from sampled scores [sample, class]."""
    first, second = scores.mean(0).topk(2).indices.tolist()
    ahead = scores[:, first] - scores[:, second]
    return float(ahead.mean() / ahead.std().clamp(min=_LEAST_SPREAD))


@torch.inference_mode()
def in_the_way(photo: PhotoEvidence, network: EvidenceNet, hot: Mask) -> float:
    """Return how far hair, gel or ink is to be seen under a region, 0..1, whichever is seen most."""
    maps = network.concepts(network.activations(photo.trunk))[0].sigmoid().double().numpy()[list(_IN_THE_WAY)]
    weight = np.bincount(cell_of_pixel(maps.shape[1:], hot.shape).ravel(), hot.ravel(), maps[0].size)
    return float((maps.reshape(len(maps), -1) @ weight / weight.sum()).max())
