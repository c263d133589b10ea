"""What the product asked for in the end, rules and model together, by what the case turned out to be."""

from collections.abc import Sequence

import numpy as np

from derm_xai.evaluate.judged import Judged
from derm_xai.evaluate.metrics import RESAMPLES, figure, resampled
from derm_xai.evaluate.records import Urgencies
from derm_xai.vocabulary import MALIGNANT, NOT_TO_MISS, URGENT_MALIGNANT, Diagnosis, Urgency

_MELANOMA = frozenset({Diagnosis.MEL})
TRUTHS = {
    "melanoma": _MELANOMA,
    "another malignancy but BCC": URGENT_MALIGNANT - _MELANOMA,
    "basal cell carcinoma": MALIGNANT - URGENT_MALIGNANT,
    "actinic keratosis": NOT_TO_MISS - MALIGNANT,
    "benign": frozenset(Diagnosis) - NOT_TO_MISS,
}


def urgencies(data: str, judged: Sequence[Judged], resamples: int = RESAMPLES) -> tuple[Urgencies, ...]:
    """Return the share of each urgency among the cases of each kind, with bootstrap intervals by lesion or patient."""
    kinds = {truth: [each for each in judged if each.case.diagnosis in diagnoses] for truth, diagnoses in TRUTHS.items()}
    return tuple(_urgencies(data, truth, cases, resamples) for truth, cases in kinds.items() if cases)


def _urgencies(data: str, truth: str, cases: Sequence[Judged], resamples: int) -> Urgencies:
    asked = np.array([each.urgency for each in cases])
    rows = list(resampled(np.array([each.case.group for each in cases]), resamples))
    shares = {}
    for urgency in Urgency:
        held = asked == urgency
        if held.any():
            shares[urgency] = figure(float(held.mean()), np.array([held[drawn].mean() for drawn in rows]), len(cases))
    return Urgencies(data=data, truth=truth, shares=shares)
