"""Are the explanations worth reading? Measured over cases whose diagnosis is known, by the code that makes them.

Faithfulness: log-odds lost when the hottest fifth of a photo is hidden, over those lost when as much is hidden elsewhere, both
meant over the cases (`explain.hiding`). Other methods' maps (`explain.other_maps`) are put through the same test. Malignant
evidence: in cases of a malignancy, the likeliest malignancy's positive evidence inside the lesion's outline over its area
share. Card: how well its score tells right leading diagnoses from wrong ones. Randomisation of weights and of labels:
`evaluate.randomised` and `evaluate.permuted`.
"""

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from tqdm import tqdm

from derm_xai.classify.checkpoint import Model
from derm_xai.classify.lesion import lesion
from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.predict import Evidence, collect
from derm_xai.classify.preprocess import resize, scale
from derm_xai.datasets.sources import LabelledCase
from derm_xai.datasets.splits import drawn
from derm_xai.errors import DataError
from derm_xai.evaluate.explained import OURS, Measured, summed_up
from derm_xai.evaluate.metrics import RESAMPLES, Floats
from derm_xai.evaluate.permuted import permuted_head, with_head
from derm_xai.evaluate.randomised import randomised, rank_correlation
from derm_xai.evaluate.records import Explanations
from derm_xai.explain.heatmap import grad_cams
from derm_xai.explain.hiding import drops, elsewhere, hottest, shown
from derm_xai.explain.other_maps import METHODS
from derm_xai.explain.regions import coverage, inside_ratio
from derm_xai.explain.reportcard import report_cards
from derm_xai.explain.stress import stress
from derm_xai.photo import read_photo
from derm_xai.records import LesionPhoto
from derm_xai.settings import Settings
from derm_xai.vocabulary import DIAGNOSES, MALIGNANT, places

CASES, COMPARED = 300, 60
"""How many cases are measured, and on how many of them the costlier measurements are made."""
CONTROLS = 3
_MALIGNANT = places(MALIGNANT)


def explanations(
    cases: Sequence[LabelledCase],
    model: Model,
    settings: Settings,
    *,
    count: int = CASES,
    compared: int = COMPARED,
    resamples: int = RESAMPLES,
) -> Explanations:
    """Return the figures over some of the cases, drawn evenly from each data set. Raises DataError when there are none."""
    chosen = drawn(cases, count)
    if not chosen:
        raise DataError("There is no case to explain. Name a folder that holds one of the public sets.")
    every = max(1, len(chosen) // max(1, compared))
    # the sources take turns: a step that is a multiple of their number would land on one of them alone
    every += every > 1 and every % len({case.source for case in chosen}) == 0
    others = (randomised(model.network), with_head(model.network, permuted_head(chosen, model.network)))
    measured = [
        measure(case, model, settings, others if place % every == 0 else None)
        for place, case in enumerate(tqdm(chosen, "explained", unit="case"))
    ]
    return summed_up(measured, resamples)


def measure(case: LabelledCase, model: Model, settings: Settings, others: tuple[EvidenceNet, ...] | None = None) -> Measured:
    """Measure one case; with `others`, networks that are to give another map, other methods and small changes too."""
    photos = [read_photo(each.read(), each.image_type) for each in case.photos]
    evidence = collect(photos, case.context, model, samples=settings.samples, seed=settings.seed)
    scores = evidence.scores().mean(0)
    index = DIAGNOSES.index(evidence.leader)
    malignant = max(_MALIGNANT, key=lambda place: float(scores[place]))
    is_malignant = case.diagnosis in MALIGNANT
    seeds = [crc32(each.image_id.encode()) for each in case.photos]
    return Measured(
        case=case,
        right=evidence.leader == case.diagnosis,
        cards=report_cards(evidence, photos, grad_cams(evidence, model.network, [evidence.leader]), model, settings.seed),
        falls=_falls(evidence, photos, seeds, index, model, costly=others is not None),
        malignant_inside=_inside(evidence, malignant) if is_malignant else None,
        correlations=_correlations(photos, index, model, others or ()),
        stressed=stress(photos, case.context, model) if others else None,
    )


def _falls(
    evidence: Evidence, photos: Sequence[LesionPhoto], seeds: Sequence[int], index: int, model: Model, *, costly: bool
) -> dict[str, tuple[float, float]]:
    sums: dict[str, list[Floats]] = {}
    for place, (photo, seed) in enumerate(zip(photos, seeds, strict=True)):
        pixels = resize(photo.pixels)
        maps = {OURS: shown(evidence, place, index)}
        if costly:
            maps |= {name: make(evidence, place, index, pixels, model.network) for name, make in METHODS.items()}
        for name, values in maps.items():
            hot = hottest(values)
            regions = [hot, *elsewhere(hot, CONTROLS, seed)]  # moved alike for every method
            sums.setdefault(name, []).append(drops(evidence, place, index, pixels, regions, model.network))
    return {name: (_mean([fall[:1] for fall in falls]), _mean([fall[1:] for fall in falls])) for name, falls in sums.items()}


def _mean(falls: Sequence[Floats]) -> float:
    return float(np.mean(falls))


def _correlations(photos: Sequence[LesionPhoto], index: int, model: Model, others: Sequence[EvidenceNet]) -> tuple[float, ...]:
    inputs = [scale(resize(photo.pixels))[None] for photo in photos]
    return tuple(rank_correlation(index, model.network, other, inputs) for other in others)


def _inside(evidence: Evidence, index: int) -> tuple[float, float]:
    """Return the share of a class's positive evidence inside the outline, and the outline's share of the photo."""
    ratios, areas = [], []
    for photo in evidence.photos:
        cells, mask = photo.cells[:, index].double().mean(0).numpy(), lesion(photo.outline).mask
        areas.append(float(coverage(mask, cells.shape).mean()))
        ratios.append(inside_ratio(cells, mask) * areas[-1])
    return float(np.mean(ratios)), float(np.mean(areas))
