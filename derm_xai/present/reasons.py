"""The rules that fired, as rows: what each says, what fired it, and where it stands written."""

from collections.abc import Sequence
from typing import NamedTuple

from derm_xai.language import _, later, spoken
from derm_xai.present.words import joined, percent
from derm_xai.records import Assessment, Fact, Reason
from derm_xai.triage.language import READ, cited
from derm_xai.triage.texts import translated

_ORIGINS = {
    "form": later("from the form: {facts}"),
    "note": later("from the note: {facts}"),
    "model": later("from the model: {facts}"),
}
BY_MODEL = "model"
"""The grade of rules that rest on the model's own limits."""

OWN_SOURCES = (
    later("This model's conformal prediction set"),
    later("This model's operating point, chosen on its calibration cases"),
    later("This project's own condition"),
    later("This project's own rule"),
)
"""Sources in rules.toml that name no one, marked here for the catalogue; a citation stays as it is written."""


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
    facts = _limits(reason) if reason.grade == BY_MODEL else _facts(reason)
    return ReasonRow(reason.rule_id, translated(reason.text, spoken()), facts, _source(reason))


def _source(reason: Reason) -> str:
    if reason.grade not in READ:
        return _(reason.source)
    source = translated(cited(reason.source, reason.grade).en, spoken())
    added = _("{source}; {ours}").format(source=source, ours=translated(reason.ours, spoken()))
    return added if reason.ours else source


def _limits(reason: Reason) -> str:
    """Return the model's chance beside the limit that it reaches, "chance 6 %, limit 2 %"; empty for a rule on no number."""
    return "; ".join(
        _("chance {chance}, limit {limit}").format(chance=percent(fact.chance), limit=percent(fact.limit))
        for fact in reason.facts
        if fact.chance is not None and fact.limit is not None
    )


def lesser_rules(assessment: Assessment) -> str:
    """Return which rules fired that ask for less, as a sentence; empty where none did."""
    shown = {row.rule_id for row in reason_rows(assessment)}
    lesser = [reason.rule_id for reason in assessment.triage.reasons if reason.rule_id not in shown]
    return _("Rules that fired and ask for less: {rules}.").format(rules=joined(lesser)) if lesser else ""


def _facts(reason: Reason) -> str:
    """Return the facts with what each counts, "8 points from the notes: change in size 2, irregular colour 2"."""
    points = sum(fact.points or 0 for fact in reason.facts)
    counted = points > 1
    parts = []
    for origin, words in _ORIGINS.items():
        facts = [_fact(fact, counted) for fact in reason.facts if fact.origin == origin]
        parts += [_(words).format(facts=", ".join(facts))] if facts else []
    listed = "; ".join(parts)
    return _("{points} points {facts}").format(points=points, facts=listed) if counted else listed


def _fact(fact: Fact, counted: bool) -> str:
    text = translated(fact.text, spoken())
    words = _("{fact} (“{words}”)").format(fact=text, words=fact.words) if fact.words else text
    return f"{words} {fact.points}" if counted else words
