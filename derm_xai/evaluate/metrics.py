"""Figures with bootstrap intervals, resampled by group (lesion or patient) so that photos of one lesion stay together.

Ranks and counts, not scikit-learn's functions: the answers are the same, and a thousand resamples take seconds.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata, spearmanr

from derm_xai.evaluate.records import Figure
from derm_xai.evaluate.scored import Scored
from derm_xai.vocabulary import DIAGNOSES, MALIGNANT, Diagnosis, places

RESAMPLES = 1000
BINS = 15
"""Of the reliability diagram and of both calibration errors (Guo et al. 2017, arXiv 1706.04599)."""

Metric = Callable[[Scored], float]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def balanced_accuracy(scored: Scored) -> float:
    """Return the mean recall over the classes held; a leading class that no case has counts as wrong."""
    n, _, right = _counts(scored)
    return float((right / n).mean()) if n.all() else float("nan")


def macro_auc(scored: Scored) -> float:
    """Return the mean one-against-rest area under the ROC curve over the classes held; NaN for one class."""
    classes = scored.probabilities.shape[1]
    ranks = np.take_along_axis(rankdata(scored.probabilities, axis=0), scored.label[:, None], axis=1)[:, 0]
    n = np.bincount(scored.label, minlength=classes)
    pairs_in_order = np.bincount(scored.label, weights=ranks, minlength=classes) - n * (n + 1) / 2
    pairs = (n * (len(ranks) - n))[scored.held]
    return float((pairs_in_order[scored.held] / pairs).mean()) if pairs.all() else float("nan")


def macro_f1(scored: Scored) -> float:
    """Return the mean F1 score over the classes held; 0 for a class that never leads."""
    n, led, right = _counts(scored)
    return float((2 * right / (n + led)).mean()) if n.all() else float("nan")


def melanoma_auc(scored: Scored) -> float:
    """Return the area under the ROC curve of the melanoma probability."""
    index = DIAGNOSES.index(Diagnosis.MEL)
    return roc_area(scored.label == index, scored.probabilities[:, index])


def malignancy_auc(scored: Scored) -> float:
    """Return the area under the ROC curve of the summed probability of the malignant classes."""
    malignant = places(MALIGNANT)
    return roc_area(np.isin(scored.label, malignant), scored.probabilities[:, malignant].sum(1))


def expected_calibration_error(scored: Scored) -> float:
    """Return the mean distance of top-label confidence from accuracy over 15 bins of equal width (Naeini et al. 2015)."""
    confidence, right = top_label(scored)
    return _gap(width_bins(confidence), confidence, right)


def adaptive_calibration_error(scored: Scored) -> float:
    """Return the same over 15 bins of equally many cases (Nixon et al. 2019, arXiv 1904.01685).

    Departures: of the top label alone; cases of equal confidence share their accuracy, so that their order is of no account.
    """
    confidence, right = top_label(scored)
    bins = np.arange(len(confidence)) * BINS // len(confidence)
    return _gap(bins, np.sort(confidence), in_order_of(confidence, right))


def balanced_calibration_error(scored: Scored) -> float:
    """Return the expected calibration error with every class held weighed alike, however many cases it has.

    The prior says that diagnoses are equally likely; this is how right the stated chances are where they are.
    """
    n, _, _ = _counts(scored)
    if not n.all():
        return float("nan")
    confidence, right = top_label(scored)
    weight = 1 / (len(n) * n[np.searchsorted(scored.held, scored.label)])
    bins = width_bins(confidence)
    return float(np.abs(np.bincount(bins, weight * confidence) - np.bincount(bins, weight * right)).sum())


def calibration_error_by_chance(scored: Scored) -> float:
    """Return the calibration error to be expected of so many cases if every stated chance were right: what is left is not zero.

    In each bin the count of right answers is taken as normal, so that bins of one or two cases come out a little low.
    """
    confidence, _ = top_label(scored)
    variance = np.bincount(width_bins(confidence), weights=confidence * (1 - confidence))
    return float(np.sqrt(2 / np.pi * variance).sum() / len(confidence))


def brier(scored: Scored) -> float:
    """Return the mean squared distance of the probabilities from the truth, 0..2, summed over the classes (Brier 1950)."""
    truth = np.arange(scored.probabilities.shape[1]) == scored.label[:, None]
    return float(((scored.probabilities - truth) ** 2).sum(1).mean())


def negative_log_likelihood(scored: Scored) -> float:
    """Return the mean of -log p of the true class in nats, p no less than the smallest step of a float, as in scikit-learn."""
    own = np.take_along_axis(scored.probabilities, scored.label[:, None], axis=1)
    return float(-np.log(np.maximum(own, np.finfo(np.float64).eps)).mean())


METRICS: dict[str, Metric] = {
    "balanced accuracy": balanced_accuracy,
    "macro AUC": macro_auc,
    "macro F1": macro_f1,
    "melanoma AUC": melanoma_auc,
    "malignancy AUC": malignancy_auc,
}
CALIBRATION: dict[str, Metric] = {
    "ECE": expected_calibration_error,
    "ECE by chance": calibration_error_by_chance,
    "adaptive ECE": adaptive_calibration_error,
    "ECE, diagnoses alike": balanced_calibration_error,
    "Brier": brier,
    "NLL": negative_log_likelihood,
}


def intervals(metrics: Mapping[str, Metric], scored: Scored, resamples: int = RESAMPLES, seed: int = 0) -> dict[str, Figure]:
    """Return each figure with its percentile bootstrap interval, all over the same resamples of the groups.

    A resample in which a metric is not defined does not count for it: a mean over classes is over those of `scored`, and not
    defined where one of them was not drawn. Groups are not drawn within classes, since a patient's lesions may be of several.
    """
    parts = (replace(scored.take(rows), classes=scored.held) for rows in resampled(scored.group, resamples, seed))
    drawn = np.array([[metric(part) for metric in metrics.values()] for part in parts]).reshape(-1, len(metrics))
    whole = {name: metric(scored) for name, metric in metrics.items()}
    return {name: figure(whole[name], drawn[:, place], len(scored.label)) for place, name in enumerate(whole)}


def resampled(group: NDArray[np.str_], resamples: int, seed: int = 0) -> Iterator[NDArray[np.int64]]:
    """Yield the rows of each resample: as many groups as there are, drawn with replacement, each with all its cases."""
    generator = np.random.default_rng(seed)
    _, member = np.unique(group, return_inverse=True)
    rows, sizes = np.argsort(member, kind="stable").astype(np.int64), np.bincount(member)
    first = sizes.cumsum() - sizes
    for _ in range(resamples):
        drawn = generator.integers(len(sizes), size=len(sizes))
        before = sizes[drawn].cumsum() - sizes[drawn]
        yield rows[np.arange(sizes[drawn].sum()) + np.repeat(first[drawn] - before, sizes[drawn])]


def figure(value: float, drawn: Floats, n: int) -> Figure:
    """Return the figure with the 95 % percentile interval of its resampled values; NaN ones are left out."""
    defined = drawn[~np.isnan(drawn)]
    low, high = np.percentile(defined, (2.5, 97.5)) if len(defined) else (np.nan, np.nan)
    return Figure(value=value, low=float(low), high=float(high), n=n)


def roc_area(positive: Flags, score: Floats) -> float:
    """Return the area under the ROC curve by the rank sum (Mann and Whitney 1947), ties counted half; NaN for one class."""
    n = int(positive.sum())
    pairs = n * (len(positive) - n)
    return float((rankdata(score)[positive].sum() - n * (n + 1) / 2) / pairs) if pairs else float("nan")


def spearman(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    """Return Spearman's rank correlation; 0 where one of the two has a single value."""
    return float(spearmanr(one, other).statistic) if np.ptp(one) and np.ptp(other) else 0.0


def top_label(scored: Scored) -> tuple[Floats, Flags]:
    """Return the probability of the leading class and whether it is the true one, each [case]."""
    return scored.probabilities.max(1), scored.probabilities.argmax(1) == scored.label


def width_bins(confidence: Floats) -> NDArray[np.int64]:
    """Return the bin of each case, 0..14: bins of equal width, each with its upper edge."""
    above: NDArray[np.int64] = np.ceil(confidence * BINS).astype(np.int64)
    return np.clip(above - 1, 0, BINS - 1)


def in_order_of(score: Floats, values: NDArray[np.generic]) -> Floats:
    """Return `values` with the score rising; cases of equal score each get their mean, so their order is of no account."""
    _, place, n = np.unique(score, return_inverse=True, return_counts=True)
    return np.repeat(np.bincount(place, weights=values) / n, n)


def _gap(bins: NDArray[np.int64], confidence: Floats, accuracy: NDArray[np.generic]) -> float:
    total = partial(np.bincount, bins)
    return float(np.abs(total(weights=confidence) - total(weights=accuracy)).sum() / len(bins))


def _counts(scored: Scored) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return for each class held the cases that have it, that it leads, and both; none has one that a resample lacks."""
    _, right = top_label(scored)

    def count(labels: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.bincount(labels, minlength=scored.probabilities.shape[1])[scored.held]

    return count(scored.label), count(scored.probabilities.argmax(1)), count(scored.label[right])
