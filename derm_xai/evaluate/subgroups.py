"""The figures of each part of a data set: by skin tone, age, sex, body site and how the diagnosis was made."""

import math

import numpy as np

from derm_xai.evaluate.metrics import METRICS, RESAMPLES, intervals
from derm_xai.evaluate.records import UNTESTED_BELOW, Figure, Subgroup
from derm_xai.evaluate.scored import Scored

NOT_OF_THE_PATIENT = "image type"
"""It has rows of its own in the figures."""


def subgroups(data: str, scored: Scored, resamples: int = RESAMPLES) -> tuple[Subgroup, ...]:
    """Return every known value of every attribute but the image type with its n, and with figures where n is enough."""
    return tuple(
        _subgroup(data, name, str(value), scored.take(np.flatnonzero(values == value)), resamples)
        for name, values in scored.attributes.items()
        if name != NOT_OF_THE_PATIENT
        for value in np.unique(values[values != ""])
    )


def _subgroup(data: str, group_by: str, group: str, part: Scored, resamples: int) -> Subgroup:
    n = len(part.label)
    figures = _defined(intervals(METRICS, part, resamples)) if n >= UNTESTED_BELOW else {}
    return Subgroup(data=data, group_by=group_by, group=group, n=n, figures=figures)


def _defined(figures: dict[str, Figure]) -> dict[str, Figure]:
    """Leave out figures without a value or an interval: a melanoma AUC where nobody has a melanoma."""
    return {name: figure for name, figure in figures.items() if not math.isnan(figure.value + figure.low)}
