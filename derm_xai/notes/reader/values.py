"""Values of a note: age, sex, site, side, duration, diameter."""

from derm_xai.notes.reader.measures import read_diameter, read_duration
from derm_xai.notes.reader.people import read_age, read_sex
from derm_xai.notes.reader.places import read_site_and_side
from derm_xai.notes.reader.readings import Reading
from derm_xai.notes.reader.text import NoteText


def read_values(note: NoteText) -> list[Reading]:
    """Return the values that the note gives, each once."""
    found = (read_age(note), read_sex(note), *read_site_and_side(note), read_duration(note), read_diameter(note))
    return [reading for reading in found if reading]
