"""The figures of each part of a data set: by skin tone, age, sex, body site and how the diagnosis was made.

A part with fewer than UNTESTED_BELOW cases has no figures, and one with so few melanomas or malignancies, or so few others, no
AUC of them: seven melanomas in a part of sixty say next to nothing.
"""

import math
from collections.abc import Sequence

import numpy as np

from derm_xai.evaluate.metrics import METRICS, RESAMPLES, Flags, intervals
from derm_xai.evaluate.records import UNTESTED_BELOW, Figure, Subgroup
from derm_xai.evaluate.scored import Scored
from derm_xai.vocabulary import MALIGNANT, AnatomSite, Diagnosis, places

NOT_OF_THE_PATIENT = "image type"
"""It has rows of its own in the figures."""
LEVELS = {"skin tone": "012345", "Fitzpatrick type": "123456", "site": tuple(site.value for site in AnatomSite)}
"""All parts there are, so that a part without a case is named as well."""
_LOOKED_FOR = {"melanoma AUC": places(frozenset({Diagnosis.MEL})), "malignancy AUC": places(MALIGNANT)}


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
    figures = _told(intervals(METRICS, part, resamples), part) if n >= UNTESTED_BELOW else {}
    return Subgroup(data=data, group_by=group_by, group=group, n=n, figures=figures)


def untested(parts: Sequence[Subgroup]) -> list[tuple[str, str, int]]:
    """Return of one data set's parts (by, group, n) those with few cases, and those of LEVELS that have none."""
    held = {(each.group_by, each.group): each.n for each in parts}
    known = {(by, group): 0 for by in dict.fromkeys(by for by, _ in held) for group in LEVELS.get(by, ())}
    return [(*part, n) for part, n in sorted((known | held).items()) if n < UNTESTED_BELOW]


def _told(figures: dict[str, Figure], part: Scored) -> dict[str, Figure]:
    """Leave out figures without a value or an interval, and those that rest on few cases."""
    few = {name for name, wanted in _LOOKED_FOR.items() if _rarer(np.isin(part.label, wanted)) < UNTESTED_BELOW}
    return {name: each for name, each in figures.items() if name not in few and not math.isnan(each.value + each.low)}


def _rarer(positive: Flags) -> int:
    return int(min(positive.sum(), (~positive).sum()))
