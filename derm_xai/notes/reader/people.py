"""Whose note it is: age and sex of the patient, not of a relative or a spouse."""

import re
from collections.abc import Iterator

from derm_xai.notes.reader.readings import Reading
from derm_xai.notes.reader.text import NoteText

_OLDEST = 110
_LOOK_BACK = 30
_PARENT_WRITES = re.compile(r"\b(?:(?:my|our|mon|ma|notre)\b|(?:dad|mum|papa|maman)(?:'s| is| a| turned)\b)")
_OWN_PARENT = re.compile(r"\b(?:my|mon|ma) (?:mother|father|mum|dad|brother|sister|mere|pere|soeur|frere)")
_PARTICIPLE, _SENTENCE = re.compile(r"(?:vue?|adressee?|traitee?|suivie?|operee?) "), re.compile(r"[.;]")
_POSSESSIVE = re.compile(r"\s+(?:\d+\S*\s+|late\s+|own\s+|elderly\s+)*(?:\w+\s+)?$")


def number(note: NoteText, text: str) -> float:
    """Return a number in figures or words."""
    words = note.words.numbers
    if text in words:
        return words[text]
    whole = re.sub(r" ?(?:1/2|½)$", "", text)
    return float(whole.replace(",", ".") or 0) + (0.5 if whole != text else 0)


def age_matches(note: NoteText) -> Iterator["re.Match[str]"]:
    """Yield the places that look like someone's age."""
    yield from note.words.people["age"].finditer(note.plain)
    yield from note.words.people["infant"].finditer(note.plain)


def read_age(note: NoteText) -> Reading | None:
    """Return the patient's age."""
    infant = note.words.people["infant"].search(note.plain)
    if infant:
        months = re.search(r"(?<!\d)(\d{1,3})[ -]?(?:months?|mths?|mois|mo|m)\b", infant.group())
        return Reading("age", int(months[1]) // 12 if months else 0, (infant.span(),))
    for match in note.words.people["age"].finditer(note.plain):
        told = next((group for group in match.groups() if group), None) or re.sub(r"\D", "", match.group())
        if told and number(note, told) <= _OLDEST and not _someone_elses(note, match):
            return Reading("age", int(number(note, told)), (match.span(),))
    return None


def _someone_elses(note: NoteText, match: "re.Match[str]") -> bool:
    clause = re.split(r"[.;]", note.plain[: match.start()])[-1][-_LOOK_BACK:]
    cues = note.words.cues
    if _PARENT_WRITES.search(clause + match.group()) and not _OWN_PARENT.search(clause + match.group()):
        return False
    if cues["caller"].search(clause):
        return False
    if re.match(r"(?:girl|boy|fille|garcon|enfant|child|mr|mrs|ms|miss|woman|man|lady|patient)\b", match.group()):
        return False
    return bool(cues["family"].search(clause) or cues["spouse"].search(clause))


def read_sex(note: NoteText) -> Reading | None:
    """Return the patient's sex: by title or noun, else by pronoun."""
    people = note.words.people
    nouns = _first(
        (sex, match) for sex in ("female", "male") for match in people[sex].finditer(note.plain) if _patients(note, match)
    )
    found = nouns or _first(_pronouns(note))
    if not found:
        told = re.search(r"\b(?:dad|papa|mum|maman) (?:is|a|est)\b", note.plain)
        found = ("male" if told.group()[0] in "dp" else "female", told) if told else None
    return Reading("sex", found[0], (found[1].span(),)) if found else None


def _first(found: Iterator[tuple[str, "re.Match[str]"]]) -> tuple[str, "re.Match[str]"] | None:
    return min(found, key=lambda each: (each[1].start(), -each[1].end()), default=None)


def _patients(note: NoteText, match: "re.Match[str]") -> bool:
    """Say whether a noun is the patient: not "mother of", "his wife", "her brother, a man of 60"."""
    clause = re.split(r"[.;,]", note.plain[: match.start()])[-1]
    # "lesion du dos, vue pour": the participle goes with the lesion
    if _PARTICIPLE.match(match.group()) and note.words.cues["lesion_noun"].search(
        _SENTENCE.split(note.plain[: match.start()])[-1]
    ):
        return False
    if note.words.cues["spouse"].search(clause):
        return False
    return not note.words.cues["family"].search(clause) or bool(note.words.cues["caller"].search(clause + match.group()))


def _pronouns(note: NoteText) -> Iterator[tuple[str, "re.Match[str]"]]:
    people, cues = note.words.people, note.words.cues
    for start, end in note.sentences():
        for sex, pronoun, kin in (("female", "she", "her_people"), ("male", "he", "his_people")):
            for match in people[pronoun].finditer(note.plain, start, end):
                same = list(people[kin].finditer(note.plain, start, end))
                owner = any(_POSSESSIVE.fullmatch(note.plain[match.end() : each.start()]) for each in same)
                if (same and not owner) or (cues["spouse"].search(note.plain, start, match.start())):
                    continue
                yield sex, match
