"""What other answers in the notes would make of a case."""

from derm_xai.records.base import Record
from derm_xai.vocabulary import Diagnosis, Urgency


class Range(Record):
    """The lowest and the highest value."""

    low: float
    high: float


class Question(Record):
    """A notes field that is not recorded: what its possible answers would make of the leading diagnosis and the malignancy.

    `could_lead`: the diagnoses that would lead instead with one of the answers.
    """

    field: str
    leading: Range
    malignancy: Range
    could_lead: tuple[Diagnosis, ...]


class Flip(Record):
    """The fewest recorded fields without which another diagnosis leads, and which one."""

    fields: tuple[str, ...]
    then: Diagnosis


class Questions(Record):
    """What to ask next, most telling first. `flip` is None where the notes do not decide which diagnosis leads."""

    ask: tuple[Question, ...]
    flip: Flip | None


class Answer(Record):
    """An answer to one field of the notes, as ClinicalContext holds it."""

    field: str
    value: bool | int | float | str


class NotesChange(Record):
    """Answers with which the urgency would be another one; everything else stays.

    `raises`: it would be more urgent. `always`: the rules ask for that on these answers alone, whatever the lesion.
    """

    answers: tuple[Answer, ...]
    urgency: Urgency
    raises: bool
    always: bool
