"""Operating points: what a frozen threshold finds, and what its answer is worth where the disease is rarer or more common."""

import numpy as np
from numpy.typing import NDArray

from derm_xai.evaluate.metrics import RESAMPLES, Flags, Floats, figure, resampled
from derm_xai.evaluate.records import AtPrevalence, OperatingPoint

PREVALENCES = (0.01, 0.06, 0.20)
OF = 1000
"""Patients in a natural frequency."""


def operating_point(
    data: str,
    target: str,
    positive: Flags,
    score: Floats,
    threshold: float,
    group: NDArray[np.str_],
    resamples: int = RESAMPLES,
) -> OperatingPoint:
    """Return sensitivity and specificity of "score >= threshold" for `target`, with the predictive values by Bayes' rule.

    `positive`, `score`, `group`: [case]. The n of each figure is of the cases it is a share of.
    """
    referred = score >= threshold
    found, cleared = _rates(positive, referred)
    drawn = np.array([_rates(positive[rows], referred[rows]) for rows in resampled(group, resamples)])
    return OperatingPoint(
        data=data,
        target=target,
        threshold=threshold,
        sensitivity=figure(found, drawn[:, 0], int(positive.sum())),
        specificity=figure(cleared, drawn[:, 1], int((~positive).sum())),
        at_prevalence=tuple(_at(prevalence, found, cleared) for prevalence in PREVALENCES),
    )


def natural_frequencies(point: OperatingPoint, prevalence: float) -> str:
    """Return the point as counts of 1,000 patients, which readers grasp better than rates (Gigerenzer and Hoffrage 1995).

    Sensitivity and specificity must both be defined. Misses that round to none are "hardly any": a threshold that misses nobody
    is another thing.
    """
    have = round(OF * prevalence)
    found = round(have * point.sensitivity.value)
    missed = "hardly any is" if found == have > 0 and point.sensitivity.value < 1 else f"{have - found} {_is(have - found)}"
    referred = round((OF - have) * (1 - point.specificity.value))
    return (
        f"Of {OF:,} such patients, about {have} {_has(have)} {point.target}; {found} of them {_is(found)} found, "
        f"{missed} missed. Of the {OF - have} without, about {referred} {_is(referred)} referred "
        "all the same."
    )


def _rates(positive: Flags, referred: Flags) -> tuple[float, float]:
    return _share(referred[positive]), _share(~referred[~positive])


def _share(values: Flags) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _at(prevalence: float, sensitivity: float, specificity: float) -> AtPrevalence:
    return AtPrevalence(
        prevalence=prevalence,
        ppv=_value(prevalence * sensitivity, (1 - prevalence) * (1 - specificity)),
        npv=_value((1 - prevalence) * specificity, prevalence * (1 - sensitivity)),
    )


def _value(right: float, wrong: float) -> float:
    return right / (right + wrong) if right + wrong else float("nan")


def _has(count: int) -> str:
    return "has" if count == 1 else "have"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
