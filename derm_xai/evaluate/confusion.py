"""What the cases that the model led with a diagnosis turned out to be."""

import numpy as np

from derm_xai.evaluate.metrics import RESAMPLES, figure, resampled
from derm_xai.evaluate.records import Confusion
from derm_xai.evaluate.scored import Scored
from derm_xai.vocabulary import DIAGNOSES


def confusions(data: str, scored: Scored, resamples: int = RESAMPLES) -> tuple[Confusion, ...]:
    """Return one record for each diagnosis that led in any case."""
    led = scored.probabilities.argmax(1)
    return tuple(_confusion(data, index, scored.take(np.flatnonzero(led == index)), resamples) for index in np.unique(led))


def _confusion(data: str, leading: int, part: Scored, resamples: int) -> Confusion:
    right = part.label == leading
    drawn = np.array([right[rows].mean() for rows in resampled(part.group, resamples)])
    counts = np.bincount(part.label, minlength=len(DIAGNOSES))
    return Confusion(
        data=data,
        leading=DIAGNOSES[leading],
        right=figure(float(right.mean()), drawn, len(right)),
        truth={DIAGNOSES[index]: int(counts[index]) for index in np.argsort(-counts, kind="stable") if counts[index]},
    )
