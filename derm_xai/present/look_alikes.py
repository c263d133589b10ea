"""What the leading diagnoses are mistaken for, as questions and sentences."""

from typing import NamedTuple

from derm_xai.language import _, spoken
from derm_xai.records import Assessment, LookAlike
from derm_xai.triage.texts import translated
from derm_xai.vocabulary import CONCEPTS


class LookAlikeRow(NamedTuple):
    """A diagnosis against a condition that looks alike, and sentences that tell them apart."""

    question: str
    lines: tuple[str, ...]


def look_alike_rows(assessment: Assessment) -> tuple[LookAlikeRow, ...]:
    """Return what the leading diagnoses are mistaken for, with what tells them apart and what of it is recorded here."""
    return tuple(
        LookAlikeRow(
            _("{diagnosis}, or {other}?").format(diagnosis=name, other=other[0].lower() + other[1:]),
            (
                *_telling(each, "look_alike", other),
                *_telling(each, "diagnosis", name),
                _("Source: {source}.").format(source=translated(each.source, spoken())),
            ),
        )
        for each in assessment.triage.look_alikes
        for name, other in [(_(CONCEPTS[each.diagnosis].name), translated(each.name, spoken()))]
    )


def _telling(pair: LookAlike, speaks_for: str, name: str) -> tuple[str, ...]:
    told = [each for each in pair.features if each.speaks_for == speaks_for]
    features = ", ".join(f"{translated(each.text, spoken())} ({_(each.status)})" for each in told)
    return (_("{name}: {features}.").format(name=name, features=features),) if features else ()
