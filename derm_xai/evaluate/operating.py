"""Operating points: what a frozen threshold finds, and what its answer is worth where the disease is rarer or more common."""

import numpy as np
from numpy.typing import NDArray

from derm_xai.evaluate.metrics import RESAMPLES, Flags, Floats, figure, resampled
from derm_xai.evaluate.records import UNTESTED_BELOW, AtPrevalence, Figure, OperatingPoint
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

    `positive`, `score`, `group`: [case]. The n of each rate is of the cases it is a share of.
    """
    referred = score >= threshold
    every = np.arange(len(positive))
    rates = np.array([_rates(positive[rows], referred[rows]) for rows in (every, *resampled(group, resamples))])
    having, others = int(positive.sum()), int((~positive).sum())
    tested = min(having, others) >= UNTESTED_BELOW
    return OperatingPoint(
        data=data,
        target=target,
        threshold=threshold,
        sensitivity=_figure(rates[:, 0], having),
        specificity=_figure(rates[:, 1], others),
        at_prevalence=tuple(_at(prevalence, rates, len(positive)) for prevalence in PREVALENCES) if tested else (),
    )


def natural_frequencies(point: OperatingPoint, prevalence: float) -> str:
    """Return the point as counts of 1,000 patients, which readers grasp better than rates (Gigerenzer and Hoffrage 1995).

    The point must be a tested one. Misses that round to none are "hardly any": a threshold that misses nobody is another thing.
    """
    have = round(OF * prevalence)
    found = round(have * point.sensitivity.value)
    hardly = found == have > 0 and point.sensitivity.value < 1
    missed = _("hardly any is missed") if hardly else _counted(have - found, later("1 is missed"), later("{n} are missed"))
    flagged = round((OF - have) * (1 - point.specificity.value))
    return _(
        "Of {of} such patients, about {have} {target}; {found}, {missed}. "
        "Of the {others} without, about {flagged} all the same."
    ).format(
        of=decimal(OF, 0),
        have=_counted(have, later("1 has"), later("{n} have")),
        target=_(point.target),
        found=_counted(found, later("1 of them is found"), later("{n} of them are found")),
        missed=missed,
        others=OF - have,
        flagged=_counted(flagged, later("1 is flagged"), later("{n} are flagged")),
    )


def untested(point: OperatingPoint) -> str:
    """Return on how few cases a point without predictive values was measured."""
    sentence = _("Untested for {target}: n = {n} with it and {others} without, where fewer than {limit} say too little.")
    return sentence.format(
        target=_(point.target),
        n=decimal(point.sensitivity.n, 0),
        others=decimal(point.specificity.n, 0),
        limit=UNTESTED_BELOW,
    )


def _rates(positive: Flags, referred: Flags) -> tuple[float, float]:
    return _share(referred[positive]), _share(~referred[~positive])


def _share(values: Flags) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _at(prevalence: float, rates: Floats, n: int) -> AtPrevalence:
    sensitivity, specificity = rates.T
    return AtPrevalence(
        prevalence=prevalence,
        ppv=_figure(_right_of(prevalence * sensitivity, (1 - prevalence) * (1 - specificity)), n),
        npv=_figure(_right_of((1 - prevalence) * specificity, prevalence * (1 - sensitivity)), n),
    )


def _right_of(right: Floats, wrong: Floats) -> Floats:
    every = right + wrong
    return np.divide(right, every, out=np.full_like(every, np.nan), where=every > 0)


def _figure(values: Floats, n: int) -> Figure:
    """Return the first value as the figure, with the interval of the others."""
    return figure(float(values[0]), values[1:], n)


def _counted(n: int, one: str, more: str) -> str:
    return _(one) if n == 1 else _(more).format(n=n)
