"""The same evidence at another prevalence: Bayes' rule on the ledger's prior term, exact to the last digit.

    p'(c) ∝ exp(score(c) − prior(c) + log prevalence(c))

This is the adjustment of Saerens, Latinne and Decaestecker (Neural Computation 14, 2002) with the prevalence stated instead of
estimated. It holds where a diagnosis looks alike in both populations and only the shares differ.
"""

from collections.abc import Mapping
from math import isfinite, log
from typing import NamedTuple

import numpy as np

from derm_xai.errors import ContextError
from derm_xai.language import later
from derm_xai.records import Ledger, Vector
from derm_xai.vocabulary import DIAGNOSES, MALIGNANT, Diagnosis

LEAST_SHARE = 1e-6
"""Stands for a share of zero. "None among a few thousand lesions" is not "never": log 0 would rule a diagnosis out whatever
the evidence, and one in a million lets strong evidence still be seen."""


class Population(NamedTuple):
    """How often each diagnosis occurs among the lesions of a population, as counts, and where they were counted."""

    counts: Mapping[Diagnosis, float]
    source: str


def _counted(*counts: int) -> dict[Diagnosis, float]:
    """Return counts by diagnosis, given in ISIC order."""
    return dict(zip(DIAGNOSES, map(float, counts), strict=True))


# Each lesion once, from the tables of the public sets that the model was trained on (test_prevalence.py counts again).
# ISIC order: AKIEC, BCC, BEN_OTH, BKL, DF, INF, MAL_OTH, MEL, NV, SCCKA, VASC.
MIXES: dict[str, Population] = {
    later("every diagnosis equally likely"): Population(
        _counted(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
        later("The reference: no clinic is like this."),
    ),
    later("MILK10k (biopsied lesions, specialist clinics)"): Population(
        # milk10k.csv: rows with one lesion_id are one lesion; column dx
        _counted(242, 2003, 35, 422, 40, 40, 7, 329, 545, 378, 38),
        later("4,079 of the 5,240 training lesions of MILK10k, ISIC Archive 2025."),
    ),
    later("HAM10000 (dermoscopy clinics)"): Population(
        # ham10000.csv: rows with one lesion_id are one lesion; column dx. The set names no BEN_OTH, INF, MAL_OTH or SCCKA.
        _counted(204, 273, 0, 645, 61, 0, 0, 523, 4822, 0, 86),
        later("6,614 of the 7,470 lesions of HAM10000, Tschandl et al. 2018."),
    ),
}


def prior_log_odds(prevalence: Mapping[Diagnosis, float]) -> Vector:
    """Return the prior term that states this prevalence; zero counts as LEAST_SHARE. Any scale will do. Raises ContextError."""
    return tuple(log(max(share, LEAST_SHARE)) for share in _shares(prevalence).values())


def at_prevalence(ledger: Ledger, prevalence: Mapping[Diagnosis, float]) -> Vector:
    """Return the probabilities, in ISIC order, that the ledger's evidence has at this prevalence. Raises ContextError."""
    prior = next(term.mean for term in ledger.terms if term.source == "prior")
    score = np.array(ledger.score) - np.array(prior) + np.array(prior_log_odds(prevalence))
    weights = np.exp(score - score.max())
    return tuple((weights / weights.sum()).tolist())


def malignancy_share(share: float, among: Mapping[Diagnosis, float]) -> dict[Diagnosis, float]:
    """Return the mix with the malignant diagnoses at this share together, each side's own mix kept. Raises ContextError."""
    shares = _shares(among)
    malignant = sum(shares[diagnosis] for diagnosis in MALIGNANT)
    benign = sum(value for diagnosis, value in shares.items() if diagnosis not in MALIGNANT)
    if not 0 < share < 1 or malignant <= 0 or benign <= 0:
        raise ContextError(
            later("The share of malignant lesions lies between 0 and 1, in a mix that holds both kinds of lesions.")
        )
    return {
        diagnosis: value * (share / malignant if diagnosis in MALIGNANT else (1 - share) / benign)
        for diagnosis, value in shares.items()
    }


def _shares(prevalence: Mapping[Diagnosis, float]) -> dict[Diagnosis, float]:
    """Return the shares, in ISIC order, which sum to one."""
    if set(prevalence) != set(DIAGNOSES):
        raise ContextError(later("A prevalence names each of the diagnoses once. Give 0 for one that does not occur."))
    total = sum(prevalence.values())
    if not isfinite(total) or total <= 0 or min(prevalence.values()) < 0:
        raise ContextError(later("A prevalence is made of numbers of 0 or more that are not all 0."))
    return {diagnosis: prevalence[diagnosis] / total for diagnosis in DIAGNOSES}
