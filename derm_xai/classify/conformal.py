"""Class-conditional split-conformal prediction sets (Mondrian; Vovk 2005; Sadinle et al. 2019, arXiv 1609.00451).

A diagnosis is in the set when its score is at least its own threshold; the threshold is the largest at which the wanted share
of that diagnosis' calibration cases is covered, with the finite-sample correction. The score is the lift: how many times more
likely the diagnosis is than its share of the calibration cases. Coverage holds for any score; this one gives the smallest
sets on average over cases that are mixed as those are.

Departure: diagnoses with too few calibration cases for a threshold of their own share one, from the rarest diagnoses' cases
together (after the clusters of Ding et al. 2023, arXiv 2306.09335). For these the coverage is promised for the group alone.
"""

from math import ceil

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
TOGETHER = 40
"""Cases from which a shared threshold is taken, where there are so many."""


def threshold(scores: Scores, coverage: float) -> float:
    """Return the least score for the set, given the scores that a class's calibration cases gave their own class.

    With too few cases for the wanted coverage the answer is 0: the class is then in every set.
    """
    rank = ceil((len(scores) + 1) * coverage)
    if rank > len(scores):
        return 0.0
    return float(np.sort(scores)[::-1][rank - 1])


def lift(probabilities: Scores, mix: Scores) -> Scores:
    """Return the probabilities [..., class] at this class mix over the mix, from those with every class equally likely."""
    lifted: Scores = probabilities / (probabilities @ mix)[..., None]
    return lifted


def thresholds(scores: Scores, label: NDArray[np.int64], coverage: float) -> Scores:
    """Return the threshold of each class from calibration cases: `scores` [case, class], `label` [case]."""
    own = np.take_along_axis(scores, label[:, None], 1)[:, 0]
    counts = np.bincount(label, minlength=scores.shape[1])
    few = np.array([ceil((count + 1) * coverage) > count for count in counts])
    shared = threshold(own[np.isin(label, _rarest(counts, few))], coverage)
    return np.array([shared if few[index] else threshold(own[label == index], coverage) for index in range(len(counts))])


def _rarest(counts: NDArray[np.int64], few: NDArray[np.bool_]) -> list[int]:
    """Return the classes with few cases, and the next rarest until they have TOGETHER cases."""
    chosen: list[int] = []
    for index in np.argsort(counts, kind="stable"):
        if few[index] or counts[chosen].sum() < TOGETHER:
            chosen.append(int(index))
    return chosen


def members(scores: Scores, limits: Scores) -> NDArray[np.bool_]:
    """Return which classes are in the set; the one with the highest score always is, so that no set is empty."""
    inside = scores >= limits
    inside[scores.argmax()] = True
    return inside
