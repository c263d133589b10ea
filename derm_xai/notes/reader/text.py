"""A note in plain small letters, spelling mended, with the way back to the original's characters."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from derm_xai.notes.reader.lexicon import Words, language_of, words

_WORD = re.compile(r"[a-z]+")
_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "–": "-", "—": "-", "×": "x", "œ": "oe", "æ": "ae", "\u00a0": " ", "\u202f": " "}
)
_LONGEST_SENTENCE = 500
_SHORTEST_MENDED = 6
_LONGEST_MENDED = 20
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# a stop, a semicolon, a new line; the " / " or the gap before the next label of a form
_SENTENCE_END = re.compile(
    r"[.](?=\s|$)|(?<=[a-z])[.](?=[a-z]{3})|[;\n!]|\?(?=\s+[a-z])|\s/\s(?=[a-z' ]{3,30}\s?:)|(?<! ) {2,}(?=[a-z' ()/-]{3,40}:)"
)
ANSWER_LABEL = r"(?:a|r|ans|answer|rep|reponse)\s?[:.)]"
_ANSWERS = re.compile(rf"{ANSWER_LABEL}|(?:it|he|she|they|i) (?:has|have|does|do|did|is|was)|(?:je |oui|non)")
_ABBREVIATED = re.compile(
    r"\b(?:dr|mr|mrs|ms|mme|mlle|m|approx|env|sem|st|atcd|fam|l|r|g|d|dte|gche|dep|sup|inf|y|yr|yrs|ans?|hx)$"
)


@dataclass(frozen=True)
class NoteText:
    """`plain` is what the rules see; `origin[i]` is where its character i stands in `original`."""

    original: str
    plain: str
    origin: tuple[int, ...]
    words: Words

    @classmethod
    def of(cls, text: str) -> "NoteText":
        """Fold and mend a text."""
        letters: list[tuple[str, int]] = [(plain, index) for index, char in enumerate(text) for plain in _plain(char)]
        folded = "".join(letter for letter, _ in letters)
        lexicon = words(*language_of(folded))
        plain: list[str] = []
        origin: list[int] = []
        at = 0
        mends = {word: mend(word, lexicon) for word in set(_WORD.findall(folded))}
        for word in _WORD.finditer(folded):
            plain.append(folded[at : word.start()])
            origin += [index for _, index in letters[at : word.start()]]
            mended = mends[word.group()]
            last = word.end() - word.start() - 1
            plain.append(mended)
            origin += [letters[word.start() + min(place, last)][1] for place in range(len(mended) - 1)]
            origin.append(letters[word.end() - 1][1])
            at = word.end()
        plain.append(folded[at:])
        origin += [index for _, index in letters[at:]]
        return cls(text, "".join(plain), tuple(origin), lexicon)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the original of plain[start:end]."""
        return self.origin[start], self.origin[end - 1] + 1

    def sentences(self) -> list[tuple[int, int]]:
        """Return where each sentence starts and ends in `plain`."""
        ends: list[int] = []
        for stop in _SENTENCE_END.finditer(self.plain):
            # "itch / pain / numbness: no" is one label; "itch: no / pain: no" are two
            if stop.group() == "?" and self._answered(stop.end()):
                continue
            one_label = "/" in stop.group() and ":" not in self.plain[ends[-1] if ends else 0 : stop.start()]
            if not one_label and not self._abbreviated(stop):
                ends.append(stop.end())
        starts = [0, *ends]
        spans = [(a, b) for a, b in zip(starts, [*ends, len(self.plain)], strict=True) if b > a]
        return [piece for span in spans for piece in self._pieces(*span)]

    def _answered(self, place: int) -> bool:
        """Say whether a question mark is followed by its answer, or the sentence goes on in small letters."""
        after = self.plain[place:]
        first = place + len(after) - len(after.lstrip())
        if not self.original[self.origin[first]].isupper() or _ANSWERS.match(self.plain, first):
            return True
        return any(self.words.after[name].match(self.plain, first) for name in ("yes", "no", "unsure"))

    def _pieces(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Cut what nobody writes as one sentence at its spaces, so that no text takes long to read."""
        while end - start > _LONGEST_SENTENCE:
            space = self.plain.rfind(" ", start + 1, start + _LONGEST_SENTENCE)
            cut = space if space > 0 else start + _LONGEST_SENTENCE
            yield start, cut
            start = cut
        yield start, end

    def _abbreviated(self, stop: "re.Match[str]") -> bool:
        if stop.group() != "." or not _ABBREVIATED.search(self.plain[max(0, stop.start() - 8) : stop.start()]):
            return False
        # "3 sem. Pas de prurit" ends a sentence, "sem. environ" does not
        after = self.plain[stop.end() :].lstrip()
        place = len(self.plain) - len(after)
        follows = self.original[self.origin[place]] if after else "A"
        title = re.search(r"\b(?:dr|mr|mrs|ms|mme|mlle|st|m)$", self.plain[max(0, stop.start() - 6) : stop.start()])
        return bool(title) or not follows.isupper()


def _plain(char: str) -> str:
    decomposed = unicodedata.normalize("NFD", char.translate(_PLAIN).lower().translate(_PLAIN))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def mend(word: str, lexicon: Words) -> str:
    """Return the one word of the spelling list that a longer, uncommon word is one slip away from, else the word."""
    if not _SHORTEST_MENDED <= len(word) <= _LONGEST_MENDED or word in lexicon.spellings or word in lexicon.common:
        return word
    near = _near(word, lexicon.spellings)
    return next(iter(near)) if len(near) == 1 else word


def _near(word: str, known: frozenset[str]) -> frozenset[str]:
    # an ending is grammar, not a slip
    return frozenset(slip for slip in _slips(word) & known if len(slip) >= _SHORTEST_MENDED and not _inflected(word, slip))


def _inflected(word: str, slip: str) -> bool:
    return word.startswith(slip) or slip.startswith(word)


def _slips(word: str) -> set[str]:
    halves = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    swapped = {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1}
    dropped = {a + b[1:] for a, b in halves if b}
    added = {a + letter + b for a, b in halves for letter in _LETTERS}
    changed = {a + letter + b[1:] for a, b in halves if b for letter in _LETTERS}
    return swapped | dropped | added | changed
