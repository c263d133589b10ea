"""The reliability diagram: does a confidence of 80 % mean right in 80 % of the cases?"""

import numpy as np

from derm_xai.evaluate.metrics import BINS, top_label, width_bins
from derm_xai.evaluate.records import Bin, Reliability
from derm_xai.evaluate.scored import Scored


def reliability(data: str, scored: Scored) -> Reliability:
    """Return the top label's confidence and accuracy in 15 bins of equal width, empty ones left out (Guo et al. 2017)."""
    confidence, right = top_label(scored)
    place = width_bins(confidence)
    inside = [place == index for index in range(BINS)]
    bins = (
        Bin(confidence=float(confidence[rows].mean()), accuracy=float(right[rows].mean()), n=int(rows.sum()))
        for rows in inside
        if np.any(rows)
    )
    return Reliability(data=data, bins=tuple(bins))
