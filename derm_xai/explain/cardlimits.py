"""What a report card is held against: limits for each check, fitted on cases whose diagnosis is known, and kept as data."""

from collections.abc import Mapping, Sequence

import numpy as np
from sklearn.metrics import roc_auc_score

from derm_xai.language import later
from derm_xai.records import CardCheck, CardLimits, CheckLimits, Reading

POOR, GOOD = 0.05, 0.95
"""Between these quantiles of the calibration cases a grade rises: few cases lie beyond either end."""
CARE, READ = 0.2, 0.5
"""The fifth of the calibration cases with the lowest scores is not to be relied on; the better half is to be read."""
FAIR_FROM, GOOD_FROM = 0.25, 0.5

_WORDS: dict[str, tuple[str, str, str]] = {
    "inside": (
        later("Evidence inside the lesion"),
        later("{number} times as much of it lies inside the outline as in an even map"),
        ".1f",
    ),
    "drop": (
        later("Hiding the hottest fifth"),
        later("it moves the log-odds by {number} more than hiding as much elsewhere"),
        "+.2f",
    ),
    "stability": (later("Stable over dropout"), later("single samples' maps resemble their mean with r = {number}"), ".2f"),
    "agreement": (
        later("Computed right"),
        later("Grad-CAM, the same quantity computed another way, resembles it with r = {number}; it is no second opinion"),
        ".2f",
    ),
    "holds": (
        later("Holds with other parts hidden"),
        later("with a fifth hidden elsewhere, the diagnosis keeps log-odds of {number}"),
        "+.2f",
    ),
    "lead": (later("Ahead of the runner-up"), later("its lead is {number} times the spread of that lead over dropout"), ".1f"),
    "clear": (
        later("Free of hair, gel and ink"),
        later("{number} of the hottest fifth is free of hair, gel and ink, whichever is seen most"),
        ".0%",
    ),
}
"""What each check is called, what it found in words, and how its number is written."""


def graded(numbers: Mapping[str, float], limits: CardLimits) -> tuple[CardCheck, ...]:
    """Return each check with its grade and its verdict in words."""
    return tuple(_check(name, number, limits.checks[name], limits.source) for name, number in numbers.items())


def _check(name: str, number: float, limits: CheckLimits, source: str) -> CardCheck:
    grade = float(np.clip((number - limits.poor) / (limits.good - limits.poor), 0, 1))
    return CardCheck(
        name=name,
        number=number,
        poor=limits.poor,
        good=limits.good,
        grade=grade,
        weight=limits.weight,
        verdict=f"{word_of(grade)}: {finding(name).format(number=format(number, spec(name)))}.",
        source=source,
    )


def word_of(grade: float) -> str:
    """Return a grade in a word."""
    return later("Good") if grade >= GOOD_FROM else later("Fair") if grade >= FAIR_FROM else later("Poor")


def title(name: str) -> str:
    """Return what a check is called."""
    return _WORDS[name][0]


def finding(name: str) -> str:
    """Return what a check found, with a place for its number."""
    return _WORDS[name][1]


def spec(name: str) -> str:
    """Return how a check's number is written."""
    return _WORDS[name][2]


def reading(score: float, drop: float, limits: CardLimits) -> Reading:
    """Return what the whole card says; a map whose hottest part matters no more than the rest is read with care at best."""
    if score >= limits.read and drop > 0:
        return later("read this map")
    return later("read with care") if score >= limits.care else later("do not rely on this map")


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
