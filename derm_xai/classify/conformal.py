"""Class-conditional split-conformal prediction sets (Mondrian; Vovk 2005; Sadinle et al. 2019 for the score).

A diagnosis is in the set when its probability is at least its own threshold; the threshold is the largest at which the wanted
share of that diagnosis' calibration cases is covered, with the finite-sample correction.
"""

from math import ceil

import numpy as np
from numpy.typing import NDArray


def threshold(probabilities: NDArray[np.float64], coverage: float) -> float:
    """Return the least probability for the set, given the probabilities that a class's calibration cases gave their own class.

    With too few cases for the wanted coverage the answer is 0: the class is then in every set.
    """
    rank = ceil((len(probabilities) + 1) * coverage)
    if rank > len(probabilities):
        return 0.0
    return float(np.sort(probabilities)[::-1][rank - 1])


def members(probabilities: NDArray[np.float64], thresholds: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which classes are in the set; the most probable one always is, so that no set is empty."""
    inside = probabilities >= thresholds
    inside[probabilities.argmax()] = True
    return inside
