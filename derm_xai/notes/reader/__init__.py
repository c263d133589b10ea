"""Free text, English or French, to findings: by rules, offline, the same text always read the same."""

from derm_xai.errors import ContextError
from derm_xai.language import later
from derm_xai.notes.findings import Finding, Findings, Span
from derm_xai.notes.reader.mentions import read_mentions
from derm_xai.notes.reader.readings import Reading
from derm_xai.notes.reader.text import NoteText
from derm_xai.notes.reader.values import read_values

LIMIT = 20_000


def read_notes(text: str) -> Findings:
    """Return the findings of a note. Raises ContextError where it is over 20,000 characters."""
    if len(text) > LIMIT:
        raise ContextError(later("The note is too long: shorten it to 20,000 characters."))
    note = NoteText.of(text)
    readings = [*read_values(note), *read_mentions(note)]
    return Findings(findings=tuple(_finding(note, reading) for reading in readings))


def _finding(note: NoteText, reading: Reading) -> Finding:
    places = (note.place(start, end) for start, end in reading.places)
    spans = tuple(Span(start=start, end=end, text=note.original[start:end]) for start, end in places)
    return Finding.model_validate({"name": reading.name, "value": reading.value, "spans": spans})
