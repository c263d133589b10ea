"""How well an uncertainty score tells wrong answers from right ones.

Cases of equal score stand at one place: each counts with the mean error of them all, which is what one would find on average
over every order of them. So no figure here depends on the order of the cases.
"""

from functools import partial

import numpy as np

from derm_xai.evaluate.metrics import RESAMPLES, Floats, Metric, in_order_of, intervals, roc_area, top_label
from derm_xai.evaluate.records import Doubt
from derm_xai.evaluate.scored import Scored

COVERAGES = range(5, 101, 5)
"""Of the curve, in percent of the cases."""
ANSWERED = 80
"""Percent of the cases that are answered where the error left is read."""


def doubts(data: str, scored: Scored, resamples: int = RESAMPLES) -> tuple[Doubt, ...]:
    """Return for each uncertainty score how well it finds the errors of the leading class."""
    return tuple(_doubt(data, name, scored, resamples) for name in scored.doubts)


def error_auroc(name: str, scored: Scored) -> float:
    """Return the area under the ROC curve of the score for "the leading class is wrong"; NaN when all are wrong or none."""
    _, right = top_label(scored)
    return roc_area(~right, scored.doubts[name])


def aurc(name: str, scored: Scored) -> float:
    """Return the area under the risk-coverage curve: the mean of the error over all coverages (Geifman and El-Yaniv 2017)."""
    return float(_selective_error(name, scored).mean())


def error_left(name: str, scored: Scored) -> float:
    """Return the error of the surest 80 % of the cases as a share of the error of all; NaN when there is none."""
    error = _selective_error(name, scored)
    return float(error[_answered(len(error), ANSWERED) - 1] / error[-1]) if error[-1] else float("nan")


def _doubt(data: str, name: str, scored: Scored, resamples: int) -> Doubt:
    metrics: dict[str, Metric] = {
        "error_auroc": partial(error_auroc, name),
        "aurc": partial(aurc, name),
        "error_left": partial(error_left, name),
    }
    error = _selective_error(name, scored)
    curve = tuple((percent / 100, float(error[_answered(len(error), percent) - 1])) for percent in COVERAGES)
    return Doubt(data=data, score=name, curve=curve, **intervals(metrics, scored, resamples))


def _selective_error(name: str, scored: Scored) -> Floats:
    """Return the error among the surest case, the two surest, and so on to all of them, [case]."""
    _, right = top_label(scored)
    errors = in_order_of(scored.doubts[name], ~right).cumsum()
    return np.asarray(errors / np.arange(1, len(errors) + 1))


def _answered(n: int, percent: int) -> int:
    """Return how many of n cases are at least this percentage, without a float's rounding."""
    return -(-n * percent // 100)
