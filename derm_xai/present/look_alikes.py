"""What the leading diagnoses are mistaken for, as questions and sentences."""

from typing import NamedTuple

from derm_xai.records import Assessment, LookAlike
from derm_xai.vocabulary import CONCEPTS


class LookAlikeRow(NamedTuple):
    """A diagnosis against a condition that looks alike, and sentences that tell them apart."""

    question: str
    lines: tuple[str, ...]


def look_alike_rows(assessment: Assessment) -> tuple[LookAlikeRow, ...]:
    """Return what the leading diagnoses are mistaken for, with what tells them apart and what of it is recorded here."""
    return tuple(
        LookAlikeRow(
            f"{CONCEPTS[each.diagnosis].name}, or {each.name[0].lower()}{each.name[1:]}?",
            (
                *_telling(each, "look_alike", each.name),
                *_telling(each, "diagnosis", CONCEPTS[each.diagnosis].name),
                f"Source: {each.source}.",
            ),
        )
        for each in assessment.triage.look_alikes
    )


def _telling(pair: LookAlike, speaks_for: str, name: str) -> tuple[str, ...]:
    features = [f"{each.text} ({each.status})" for each in pair.features if each.speaks_for == speaks_for]
    return (f"{name}: {', '.join(features)}.",) if features else ()
