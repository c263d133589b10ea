"""Mentions of findings, each with what its sentence says of it; then one value for each finding."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from derm_xai.notes.reader.lexicon import ABSENT_WORDS, FINDINGS
from derm_xai.notes.reader.scope import Context, others_lesion, status
from derm_xai.notes.reader.text import NoteText

HISTORY = {"melanoma_history", "skin_cancer_history"}
_CHANGES = ("change_in_size", "change_in_shape", "change_in_colour")
_NO_CHANGE = re.compile(r"\b(?:no|nil|denies) changes?\b(?! in| of|d)|\bunchanged\b|\b(?:not|n't) changed?\b(?! in| colou?r| shape)|\binchangee?s?\b|\b(?:aucun|pas de|sans) (?:changement|modification|evolution)\b(?! d)|\bne change pas\b|\bn'a pas (?:change|evolue|bouge)\b(?! de)")  # fmt: skip
_STABLE = re.compile(
    r"\bstable\b|\bthe same\b|\bsame (?:size|shape|colou?r)\b|\bidentiques?\b|\bmeme (?:taille|forme|couleur)\b"
)
_ASPECTS = {"change_in_size": r"\b(?:size|taille)\b", "change_in_shape": r"\b(?:shape|forme)\b", "change_in_colour": r"\b(?:colou?r|couleur)\b"}  # fmt: skip
_RASH = re.compile(r"\brash\b|\beruption\b|\bexantheme\b|\burticair?e\b")
_STRENGTH = ("present", "absent", "uncertain", "family")


@dataclass(frozen=True)
class Reading:
    """A finding, its value, and where in the plain text it was read."""

    name: str
    value: str | int | float
    places: tuple[tuple[int, int], ...]


def read_mentions(note: NoteText) -> list[Reading]:
    """Return the findings that are present, absent, uncertain or a relative's."""
    found = [mention for span in note.sentences() for mention in _sentence(note.plain, span)]
    rash = bool(_RASH.search(note.plain))
    names = dict.fromkeys(name for name, _, _ in found)
    readings = (_resolved(name, [(value, place) for own, value, place in found if own == name]) for name in names)
    return [reading for reading in readings if _fits(reading, rash)]


def _fits(reading: Reading, rash: bool) -> bool:
    if reading.name == "new_drug":
        return rash
    return not (rash and reading.name in {"new_lesion", "change_in_size", "rapid_growth"})


def _resolved(name: str, values: list[tuple[str, tuple[int, int]]]) -> Reading:
    kinds = {value for value, _ in values}
    # a symptom said to be there and not there at different times is there; a history is taken with care
    order = (
        ("present", "uncertain", "absent", "family") if name not in HISTORY else ("present", "family", "absent", "uncertain")
    )
    value = next(kind for kind in order if kind in kinds)
    return Reading(name, value, tuple(place for own, place in values if own == value))


def _sentence(plain: str, span: tuple[int, int]) -> Iterator[tuple[str, str, tuple[int, int]]]:
    context = Context.of(plain, *span)
    yield from _unchanged(context)
    taken: list[tuple[int, int]] = []
    for name, words in ABSENT_WORDS.items():
        for match in words.finditer(plain, *span):
            taken.append(match.span())
            if not others_lesion(context, match.start()) and status(context, *match.span()) == "present":
                yield name, "absent", match.span()
            if name == "rapid_growth":
                yield "change_in_size", "present", match.span()
    for name, words in FINDINGS.items():
        for match in words.finditer(plain, *span):
            if name in {"pain", "fever", "non_blanching"} and any(a <= match.start() < b for a, b in taken):
                continue
            value = _value(context, name, match)
            if value:
                yield name, value, match.span()
                if name == "rapid_growth" and value == "present":
                    yield "change_in_size", value, match.span()


def _value(context: Context, name: str, match: "re.Match[str]") -> str | None:
    value = status(context, *match.span(), history=name in HISTORY)
    if name in HISTORY:
        return _history(context, value, match)
    if context.spouse or (name != "new_drug" and others_lesion(context, match.start())):
        return None
    if name == "immunosuppressed" and context.family:
        return None
    return value


def _history(context: Context, value: str | None, match: "re.Match[str]") -> str | None:
    before = context.text[: match.start() - context.start]
    if context.spouse or value in (None, "uncertain"):
        return None
    both = re.search(
        r"\bpersonal(?:ly)? (?:or|and|nor) family|\bpersonnels? (?:ni|ou|et) familia|\bni (?:personnel|familial)", context.text
    )
    if both:
        return value
    if re.search(r"\bboth (?:he|she|i)\b", before):
        return value
    if context.family:
        return "family" if value == "present" else None
    if value == "absent":
        return value
    told = re.search(r"\b(?:previous|prev|past|history|hx|pmh|phx|had|personal|atcds?|antecedents?|prior|opere|diagnosed|h/o|known|treated|excised|suivie? pour)\b|\b(?:19|20)\d\d\b|\bpers", context.text)  # fmt: skip
    # "?MM", "impression: BCC", "ressemble a un CBC" are the doctor's thoughts of today
    guess = re.search(
        r"\b(?:imp|impression|diagnosis|like|suspicious|suspected|suspect\w*|exclude|aspect|evoqu\w+|hypothese|looks|appearance|ddx)\b",
        context.text,
    )
    return "present" if told and not guess else None


def _unchanged(context: Context) -> Iterator[tuple[str, str, tuple[int, int]]]:
    for match in _NO_CHANGE.finditer(context.plain, context.start, context.end):
        for name in _CHANGES:
            yield name, "absent", match.span()
    stable = _STABLE.search(context.plain, context.start, context.end)
    if stable and not re.search(r"\bnot? (?:stable|the same)\b", context.text):
        for name, aspect in _ASPECTS.items():
            said = re.search(aspect, context.clause(stable.start()))
            if said:
                yield name, "absent", stable.span()
