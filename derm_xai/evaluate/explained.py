"""The figures of explanations that were measured, with bootstrap intervals by lesion or patient."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from derm_xai.datasets.sources import LabelledCase
from derm_xai.evaluate.metrics import RESAMPLES, Floats, figure, resampled, roc_area
from derm_xai.evaluate.records import Explanations, Figure, Method, ReadingFigures
from derm_xai.explain.stress import CHANGES
from derm_xai.records import Reading, ReportCard, StressTest

OURS = "evidence map"
READINGS: tuple[Reading, ...] = get_args(Reading)
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Measured:
    """One case. `falls`: by method, the log-odds lost with the hot part hidden, and with as much elsewhere.

    `malignant_inside`: of a malignancy, the share of its evidence inside the outline, and the outline's share of the photo.
    `correlations` (with a network of random weights, and one that learnt shuffled labels) and `stressed` were measured on some
    cases only.
    """

    case: LabelledCase
    right: bool
    cards: tuple[ReportCard, ...]
    falls: dict[str, tuple[float, float]]
    malignant_inside: tuple[float, float] | None
    correlations: tuple[float, ...] = ()
    stressed: StressTest | None = None

    @property
    def score(self) -> float:
        """The mean of its photos' cards."""
        return float(np.mean([card.score for card in self.cards]))


def summed_up(measured: Sequence[Measured], resamples: int = RESAMPLES) -> Explanations:
    """Return the figures of some cases."""
    falls = _falls(measured, OURS)
    score, right = np.array([each.score for each in measured]), np.array([each.right for each in measured])
    costly = [each for each in measured if each.stressed is not None]
    malignant = [each for each in measured if each.malignant_inside is not None]
    inside = np.array([each.malignant_inside for each in malignant], np.float64).reshape(-1, 2)
    correlation = np.array([each.correlations for each in costly], np.float64).reshape(-1, 2)
    return Explanations(
        hot=_figure(measured, resamples, lambda rows: falls[rows, 0].mean()),
        elsewhere=_figure(measured, resamples, lambda rows: falls[rows, 1].mean()),
        faithfulness=_figure(measured, resamples, lambda rows: _ratio(falls[rows])),
        methods=tuple(_method(name, costly, resamples) for name in costly[0].falls) if costly else (),
        malignant_inside=_figure(malignant, resamples, lambda rows: _ratio(inside[rows])),
        card_auroc=_figure(measured, resamples, lambda rows: roc_area(right[rows], score[rows])),
        readings=tuple(_reading(name, measured, resamples) for name in READINGS),
        randomised=_figure(costly, resamples, lambda rows: correlation[rows, 0].mean()),
        permuted=_figure(costly, resamples, lambda rows: correlation[rows, 1].mean()),
        flips={name: _flipped(name, costly, resamples) for name in CHANGES},
    )


def _falls(measured: Sequence[Measured], method: str) -> Floats:
    return np.array([each.falls[method] for each in measured])


def _ratio(pairs: Floats) -> float:
    """Return the ratio of the means, so that no single case with a small denominator counts for more."""
    upper, lower = pairs.mean(0)
    return float(upper / lower) if lower > 0 else float("nan")


def _method(name: str, measured: Sequence[Measured], resamples: int) -> Method:
    falls, ours = _falls(measured, name), _falls(measured, OURS)
    return Method(
        name=name,
        hot=_figure(measured, resamples, lambda rows: falls[rows, 0].mean()),
        faithfulness=_figure(measured, resamples, lambda rows: _ratio(falls[rows])),
        ours_above=_figure(measured, resamples, lambda rows: (ours[rows, 0] - falls[rows, 0]).mean()),
    )


def _reading(name: Reading, measured: Sequence[Measured], resamples: int) -> ReadingFigures:
    """Return how often the leading diagnosis is right where each photo's card, or the worst of them, reads so."""
    own = [each for each in measured if max((card.overall for card in each.cards), key=READINGS.index) == name]
    right = np.array([each.right for each in own], np.float64)
    return ReadingFigures(reading=name, right=_figure(own, resamples, lambda rows: right[rows].mean()))


def _flipped(name: str, measured: Sequence[Measured], resamples: int) -> Figure:
    lines = [line for each in measured if each.stressed for line in each.stressed.lines if line.change == name]
    rates = np.array([line.flipped / line.tried for line in lines])
    return _figure(measured, resamples, lambda rows: rates[rows].mean())


def _figure(measured: Sequence[Measured], resamples: int, metric: Callable[[Rows], float]) -> Figure:
    if not measured:
        return Figure(value=np.nan, low=np.nan, high=np.nan, n=0)
    group = np.array([each.case.group for each in measured])
    values = np.array([metric(rows) for rows in resampled(group, resamples)], np.float64)
    return figure(float(metric(np.arange(len(measured)))), values, len(measured))
