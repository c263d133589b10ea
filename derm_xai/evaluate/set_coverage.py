"""How often the prediction set holds the true class, and how many classes it names (Vovk et al. 2005; Ding et al. 2023)."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from derm_xai.evaluate.metrics import RESAMPLES, Flags, intervals
from derm_xai.evaluate.records import SetCoverage
from derm_xai.evaluate.scored import Scored
from derm_xai.vocabulary import DIAGNOSES, MALIGNANT, places

ATTRIBUTES = ("image type", "skin tone")


def set_coverages(data: str, scored: Scored, resamples: int = RESAMPLES) -> tuple[SetCoverage, ...]:
    """Return coverage and mean size at each level for all cases, the malignant, each diagnosis, image type and skin tone."""
    return tuple(
        SetCoverage(
            data=data,
            level=level,
            group_by=group_by,
            group=group,
            **intervals({"coverage": partial(coverage, level), "size": partial(size, level)}, part, resamples),
        )
        for level in scored.sets
        for group_by, group, part in _parts(scored)
    )


def coverage(level: float, scored: Scored) -> float:
    """Return the share of the cases whose true class is in the set."""
    return float(np.take_along_axis(scored.sets[level], scored.label[:, None], axis=1).mean())


def size(level: float, scored: Scored) -> float:
    """Return the mean number of classes in the set."""
    return float(scored.sets[level].sum(1).mean())


def _parts(scored: Scored) -> Iterator[tuple[str, str, Scored]]:
    for group_by, group, inside in _groups(scored):
        if inside.any():
            rows = np.flatnonzero(inside)
            sets = {level: members[rows] for level, members in scored.sets.items()}
            yield group_by, group, Scored(scored.probabilities[rows], scored.label[rows], scored.group[rows], sets=sets)


def _groups(scored: Scored) -> Iterator[tuple[str, str, Flags]]:
    yield "all", "all", np.ones(len(scored.label), dtype=bool)
    yield "malignant", "malignant", np.isin(scored.label, places(MALIGNANT))
    for index, diagnosis in enumerate(DIAGNOSES):
        yield "diagnosis", diagnosis.value, scored.label == index
    for name in ATTRIBUTES:
        values = scored.attributes.get(name, np.array([], dtype=np.str_))
        for value in np.unique(values[values != ""]):
            yield name, str(value), values == value
