"""Operating points: what a frozen threshold finds, and what its answer is worth where the disease is rarer or more common."""

import numpy as np
from numpy.typing import NDArray

from derm_xai.evaluate.metrics import RESAMPLES, Flags, Floats, figure, resampled
from derm_xai.evaluate.records import AtPrevalence, OperatingPoint
from derm_xai.language import _, decimal, later

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
    hardly = found == have > 0 and point.sensitivity.value < 1
    missed = _("hardly any is missed") if hardly else _counted(have - found, later("1 is missed"), later("{n} are missed"))
    referred = round((OF - have) * (1 - point.specificity.value))
    return _(
        "Of {of} such patients, about {have} {target}; {found}, {missed}. "
        "Of the {others} without, about {referred} all the same."
    ).format(
        of=decimal(OF, 0),
        have=_counted(have, later("1 has"), later("{n} have")),
        target=_(point.target),
        found=_counted(found, later("1 of them is found"), later("{n} of them are found")),
        missed=missed,
        others=OF - have,
        referred=_counted(referred, later("1 is referred"), later("{n} are referred")),
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


def _counted(n: int, one: str, more: str) -> str:
    return _(one) if n == 1 else _(more).format(n=n)
