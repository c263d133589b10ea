"""Figures with bootstrap intervals, resampled by group (lesion or patient) so that photos of one lesion stay together."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from derm_xai.records import Record
from derm_xai.vocabulary import DIAGNOSES, MALIGNANT, Diagnosis, places

RESAMPLES = 1000


class Figure(Record):
    """A figure on n cases with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Scored:
    """`probabilities` [case, class] in ISIC order, `label` [case] as an index into it, `group` [case]."""

    probabilities: NDArray[np.float64]
    label: NDArray[np.int64]
    group: NDArray[np.str_]

    def take(self, rows: NDArray[np.int64]) -> "Scored":
        """Return some of the cases, repeats allowed."""
        return Scored(self.probabilities[rows], self.label[rows], self.group[rows])


Metric = Callable[[Scored], float]


def balanced_accuracy(scored: Scored) -> float:
    """Return the mean recall over the classes that the cases hold; a leading class that none of them has counts as wrong."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "y_pred contains classes not in y_true")
        return float(balanced_accuracy_score(scored.label, scored.probabilities.argmax(1)))


def macro_auc(scored: Scored) -> float:
    """Return the mean one-against-rest area under the ROC curve over the classes that the cases hold."""
    classes = np.unique(scored.label)
    return float(np.mean([_auc(scored.label == index, scored.probabilities[:, index]) for index in classes]))


def melanoma_auc(scored: Scored) -> float:
    """Return the area under the ROC curve of the melanoma probability."""
    index = DIAGNOSES.index(Diagnosis.MEL)
    return _auc(scored.label == index, scored.probabilities[:, index])


def malignancy_auc(scored: Scored) -> float:
    """Return the area under the ROC curve of the summed probability of the malignant classes."""
    malignant = places(MALIGNANT)
    return _auc(np.isin(scored.label, malignant), scored.probabilities[:, malignant].sum(1))


METRICS: dict[str, Metric] = {
    "balanced accuracy": balanced_accuracy,
    "macro AUC": macro_auc,
    "melanoma AUC": melanoma_auc,
    "malignancy AUC": malignancy_auc,
}


def with_interval(metric: Metric, scored: Scored, resamples: int = RESAMPLES, seed: int = 0) -> Figure:
    """Return the figure with its percentile bootstrap interval over resamples of the groups."""
    generator = np.random.default_rng(seed)
    _, first = np.unique(scored.group, return_inverse=True)
    rows_of = [np.flatnonzero(first == index) for index in range(first.max() + 1)]
    drawn = []
    for _ in range(resamples):
        groups = generator.integers(len(rows_of), size=len(rows_of))
        drawn.append(metric(scored.take(np.concatenate([rows_of[group] for group in groups]))))
    low, high = np.nanpercentile(drawn, (2.5, 97.5))
    return Figure(value=metric(scored), low=float(low), high=float(high), n=len(scored.label))


def _auc(positive: NDArray[np.bool_], score: NDArray[np.float64]) -> float:
    if positive.all() or not positive.any():
        return float("nan")
    return float(roc_auc_score(positive, score))
