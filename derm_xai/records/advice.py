"""What to do next and why."""

from typing import Literal

from derm_xai.records.base import Record
from derm_xai.vocabulary import Diagnosis, Urgency


class Fact(Record):
    """Something a rule counted, its points where the rule has points, and where it came from.

    `words`: what the note says, where it was read there. `chance`: the model's probability, where it reaches a `limit`.
    """

    text: str
    origin: Literal["form", "note", "model"]
    words: str = ""
    points: int | None = None
    chance: float | None = None
    limit: float | None = None


class Reason(Record):
    """A rule that fired: its id in the rule file, what it asks for, its source and grade, and the facts that fired it.

    `ours`: what of it this project adds to the source.
    """

    rule_id: str
    urgency: Urgency
    text: str
    source: str
    grade: str
    ours: str = ""
    facts: tuple[Fact, ...]


class Feature(Record):
    """What tells a diagnosis from a look-alike: which of the two it speaks for, and whether this patient has it."""

    text: str
    speaks_for: Literal["diagnosis", "look_alike"]
    status: Literal["present", "absent", "not recorded"]


class LookAlike(Record):
    """A condition for which a diagnosis is mistaken, or the other way round."""

    diagnosis: Diagnosis
    name: str
    features: tuple[Feature, ...]
    source: str


class TriageAdvice(Record):
    """What to do next and why. `abstained_because` and `conflicts` are sentences; either sends the case to a person, or
    back for a better photo where one is poor.

    `not_reassured_because`: why a case that no rule and no doubt raised is reviewed all the same. `pathway`: with its sources.
    """

    urgency: Urgency
    reasons: tuple[Reason, ...]
    next_steps: tuple[str, ...]
    abstained: bool
    abstained_because: tuple[str, ...]
    conflicts: tuple[str, ...]
    not_reassured_because: tuple[str, ...] = ()
    look_alikes: tuple[LookAlike, ...] = ()
    pathway: str = ""
