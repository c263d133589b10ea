"""The rules that fired, as rows: what each says, what fired it, and where it stands written."""

from collections.abc import Sequence
from typing import NamedTuple

from derm_xai.present.words import joined
from derm_xai.records import Assessment, Fact, Reason

_ORIGINS = {"form": "form", "note": "note", "model": "model"}
BY_MODEL = "model"
"""The grade of rules that rest on the model's own operating points; their text says all there is to say."""
OWN = "own"
"""The grade of this project's own rules: their source says so, and there is no evidence to grade."""


class ReasonRow(NamedTuple):
    """A rule that fired: what it says, the facts that fired it with their points, and where it stands written."""

    rule_id: str
    text: str
    facts: str
    source: str


def reason_rows(assessment: Assessment) -> tuple[ReasonRow, ...]:
    """Return the rules that fired and ask for this urgency, or for the most if an abstention or a conflict set it."""
    return rows_of(assessment.triage.reasons)


def rows_of(reasons: Sequence[Reason]) -> tuple[ReasonRow, ...]:
    """Return the reasons that ask for the most, as rows."""
    most = max((reason.urgency.rank for reason in reasons), default=0)
    return tuple(_row(reason) for reason in reasons if reason.urgency.rank == most)


def _row(reason: Reason) -> ReasonRow:
    facts = "" if reason.grade == BY_MODEL else _facts(reason)
    graded = "" if reason.grade in (BY_MODEL, OWN) else f", evidence grade {reason.grade}"
    return ReasonRow(reason.rule_id, reason.text, facts, f"{reason.source}{graded}")


def lesser_rules(assessment: Assessment) -> str:
    """Return which rules fired that ask for less, as a sentence; empty where none did."""
    shown = {row.rule_id for row in reason_rows(assessment)}
    lesser = [reason.rule_id for reason in assessment.triage.reasons if reason.rule_id not in shown]
    return f"Rules that fired and ask for less: {joined(lesser)}." if lesser else ""


def _facts(reason: Reason) -> str:
    """Return the facts with what each counts, "8 points from the notes: change in size 2, irregular colour 2"."""
    points = sum(fact.points or 0 for fact in reason.facts)
    counted = points > 1
    parts = []
    for origin, words in _ORIGINS.items():
        facts = [_fact(fact, counted) for fact in reason.facts if fact.origin == origin]
        parts += [f"from the {words}: {', '.join(facts)}"] if facts else []
    return (f"{points} points " if counted else "") + "; ".join(parts)


def _fact(fact: Fact, counted: bool) -> str:
    words = f" (“{fact.words}”)" if fact.words else ""
    return f"{fact.text}{words} {fact.points}" if counted else f"{fact.text}{words}"
