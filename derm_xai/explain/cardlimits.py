"""What a report card is held against: limits for each check, fitted on cases whose diagnosis is known, and kept as data."""

from collections.abc import Mapping, Sequence

import numpy as np
from sklearn.metrics import roc_auc_score

from derm_xai.records import CardCheck, CardLimits, CheckLimits, Reading

POOR, GOOD = 0.05, 0.95
"""Between these quantiles of the calibration cases a grade rises: few cases lie beyond either end."""
CARE, READ = 0.2, 0.5
"""The fifth of the calibration cases with the lowest scores is not to be relied on; the better half is to be read."""
_FAIR, _GOOD = 0.25, 0.5

_WORDS: dict[str, tuple[str, str]] = {
    "inside": ("Evidence inside the lesion", "{:.1f} times as much of it lies inside the outline as in an even map"),
    "drop": ("Hiding the hottest fifth", "it moves the log-odds by {:+.2f} more than hiding as much elsewhere"),
    "stability": ("Stable over dropout", "single samples' maps resemble their mean with r = {:.2f}"),
    "agreement": ("Another method agrees", "Grad-CAM resembles it with r = {:.2f}"),
    "holds": (
        "Holds with other parts hidden",
        "with a fifth hidden elsewhere, the diagnosis keeps log-odds of {:+.2f}",
    ),
    "lead": ("Ahead of the runner-up", "its lead is {:.1f} times the spread of that lead over dropout"),
    "clear": ("Free of hair, gel and ink", "the hottest fifth is {:.0%} free of what is seen most of these"),
}


def graded(numbers: Mapping[str, float], limits: CardLimits) -> tuple[CardCheck, ...]:
    """Return each check with its grade and its verdict in words."""
    return tuple(_check(name, number, limits.checks[name], limits.source) for name, number in numbers.items())


def _check(name: str, number: float, limits: CheckLimits, source: str) -> CardCheck:
    grade = float(np.clip((number - limits.poor) / (limits.good - limits.poor), 0, 1))
    word = "Good" if grade >= _GOOD else "Fair" if grade >= _FAIR else "Poor"
    return CardCheck(
        name=name,
        number=number,
        poor=limits.poor,
        good=limits.good,
        grade=grade,
        weight=limits.weight,
        verdict=f"{word}: {_WORDS[name][1].format(number)}.",
        source=source,
    )


def title(name: str) -> str:
    """Return what a check is called."""
    return _WORDS[name][0]


def reading(score: float, limits: CardLimits) -> Reading:
    """Return what the whole card says."""
    if score >= limits.read:
        return "read this map"
    return "read with care" if score >= limits.care else "do not rely on this map"


def fit(measured: Sequence[Mapping[str, float]], right: Sequence[bool], source: str) -> CardLimits:
    """Return limits from cards of cases that the model got right or wrong; both kinds must be there.

    A check weighs as much as it tells right from wrong (area under the ROC curve above one half), so that one that does not
    help is shown and counts for nothing.
    """
    columns = {name: np.array([each[name] for each in measured]) for name in measured[0]}
    ends = {name: np.quantile(values, (POOR, GOOD)) for name, values in columns.items()}
    help_ = {name: max(0.0, float(roc_auc_score(right, values)) - 0.5) for name, values in columns.items()}
    total = sum(help_.values()) or 1.0
    checks = {
        # a check that hardly varies still gets a span, so that its grade is defined
        name: CheckLimits(poor=float(poor), good=float(max(good, poor + 1e-3)), weight=help_[name] / total)
        for name, (poor, good) in ends.items()
    }
    limits = CardLimits(checks=checks, care=0, read=0, source=source)
    scores = [sum(each.grade * checks[each.name].weight for each in graded(numbers, limits)) for numbers in measured]
    care, read = np.quantile(scores, (CARE, READ))
    return limits.model_copy(update={"care": float(care), "read": float(read)})
