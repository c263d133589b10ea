"""How well the product sees what is a lesion: its outline, and whether a photo shows one at all."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from derm_xai.evaluate.judged import Judged
from derm_xai.evaluate.metrics import RESAMPLES, Floats, figure, resampled, roc_area
from derm_xai.evaluate.records import Figure, NotLesions


def mean_dice(judged: Sequence[Judged], resamples: int = RESAMPLES) -> Figure | None:
    """Return the mean Dice coefficient of the outlined lesions over the photos with a published mask, if there is any."""
    masked = [each for each in judged if each.dice]
    if not masked:
        return None
    return _mean(np.array([np.mean(each.dice) for each in masked]), np.array([each.case.group for each in masked]), resamples)


def not_lesions(
    others: Floats, lesions: Mapping[str, Sequence[Judged]], limit: float, resamples: int = RESAMPLES
) -> NotLesions:
    """Return how the novelty scores of other photos [photo] stand to those of lesions, by data set.

    Each photo of other things is a group of its own in the bootstrap.
    """
    known = [each for judged in lesions.values() for each in judged]
    scores = np.concatenate([others, [each.prediction.novelty.score for each in known]])
    groups = np.array([*(f"other {index}" for index in range(len(others))), *(each.case.group for each in known)])
    new = np.arange(len(scores)) < len(others)
    drawn = np.array([roc_area(new[rows], scores[rows]) for rows in resampled(groups, resamples)])
    return NotLesions(
        described=f"{len(others)} photos of other things against {len(known)} validation cases",
        auroc=figure(roc_area(new, scores), drawn, len(scores)),
        flagged_others=_mean((others > limit).astype(float), groups[new], resamples),
        flagged_lesions={name: _flagged(judged, resamples) for name, judged in lesions.items()},
    )


def _flagged(judged: Sequence[Judged], resamples: int) -> Figure:
    flags = np.array([float(each.prediction.novelty.flagged) for each in judged])
    return _mean(flags, np.array([each.case.group for each in judged]), resamples)


def _mean(values: Floats, group: NDArray[np.str_], resamples: int) -> Figure:
    drawn = np.array([values[rows].mean() for rows in resampled(group, resamples)])
    return figure(float(values.mean()), drawn, len(values))
