"""A sentence: its words, whose it is, where commas and contrasts cut it, and how it lists things."""

import re
from dataclasses import dataclass

from derm_xai.notes.reader.lexicon import Words
from derm_xai.notes.reader.text import NoteText

COMMA = re.compile(r",(?!\d)")
ADJECTIVE = re.compile(
    r"(?!fever|ulcer|cancer)\w*(?:[^aeiou]y|ed|ful|er|tender|sore|numb|ique|eux|euses?|ees?|ales?|antes?|ous|al|ic)$"
)
CARRIES_ON = re.compile(r"(?:\s*,\s*[\w' -]{2,24}?){0,4}\s*,?\s*\b(?:or|nor|ou|ni)\b")
CONJOINED = re.compile(r"\b(?:or|nor|ou|ni|and|et)\b[^,]{0,24}$")
# a list is looked at no further, so that no text takes long
LIST_REACH = 64


@dataclass(frozen=True)
class Context:
    """A sentence of the plain text, and whose it is."""

    plain: str
    words: Words
    start: int
    end: int
    family: bool
    spouse: bool

    @classmethod
    def of(cls, note: NoteText, start: int, end: int) -> "Context":
        """Look once for the people of a sentence."""
        cues = note.words.cues
        family, spouse = (bool(cues[name].search(note.plain, start, end)) for name in ("family", "spouse"))
        return cls(note.plain, note.words, start, end, family, spouse)

    @property
    def text(self) -> str:
        """The sentence."""
        return self.plain[self.start : self.end]

    def has(self, cue: str) -> bool:
        """Say whether a cue is in the sentence."""
        return bool(self.words.cues[cue].search(self.plain, self.start, self.end))

    def clause_span(self, place: int) -> tuple[int, int]:
        """Return the part of the sentence around a place that commas and contrasts do not cut."""
        start = max([self.start, *(m.end() for m in self._cuts(self.start, place))])
        end = min([self.end, *(m.start() for m in self._cuts(place, self.end))])
        return start, end

    def clause(self, place: int) -> str:
        """Return the words of that part."""
        start, end = self.clause_span(place)
        return self.plain[start:end]

    def _cuts(self, start: int, end: int) -> list["re.Match[str]"]:
        return [*COMMA.finditer(self.plain, start, end), *self.words.cues["ender"].finditer(self.plain, start, end)]
