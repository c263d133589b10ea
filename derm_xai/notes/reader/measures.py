"""Durations and diameters of the index lesion."""

import re
from collections.abc import Iterator

from derm_xai.notes.reader.context import Context
from derm_xai.notes.reader.lexicon import FIGURE
from derm_xai.notes.reader.people import age_matches, number
from derm_xai.notes.reader.readings import Reading
from derm_xai.notes.reader.text import NoteText

_DAYS = {"d": 1, "j": 1, "w": 7, "s": 7, "m": 30, "y": 365, "a": 365, "f": 14}
_PART = {"52": 7, "12": 30, "7": 1}
_TWO_SIZES = re.compile(
    r"(\d{1,3}(?:[.,]\d+)?)(?: ?(mm|cm)([^.;\d]{0,32}?)|()(\s*(?:->|→|to|a)\s*))(\d+(?:[.,]\d+)?) ?(mm|cm)\b"
)
# "9 mm (was 7 mm)", "9 mm contre 6 mm il y a un an"
_THEN = re.compile(
    r"[\s,(]*(?:(?:it |and |et )?(?:was|were|previously|formerly|before|vs\.?|versus|compared (?:to|with)|up from|contre|etait"
    r"|auparavant|avant))\s*(?:about |only |just |environ |de )?"
)
_SIZE_FIELD = re.compile(
    rf"\b(?:taille|diametre|size|diameter)\s?\((?P<unit>mm|cm)\)\s?[:=]\s?(?P<figures>(?:{FIGURE.pattern})(?:\s?(?:x|/)\s?(?:{FIGURE.pattern}))*)"
)
_AT_THE_AGE = re.compile(r"(?:(?<!y )\ba|\bvers|\bat|\bage of|\bage de)\s*$")
# "a year and a half", "un an et demi"
_AND_A_HALF = re.compile(r"\s(?:and a half|and half|et demie?|1/2|½)(?![a-z])")
_AND_MORE = re.compile(r"\s(?:et|and) (\d{1,3}) (mois|months?|semaines?|weeks?)\b")
_CUT = re.compile(r"[,;:.](?!\d)")
_HISTORY_FOLLOWS = re.compile(r"(?:'s?)?[\s-]*(?:history|hx|duration)\b")
# "started about 4 months back", of what the sentence before is about
_STARTED = re.compile(
    r"\s*(?:(?:it|this|which|that|and|all|first|has|rash)\s+)*(?:started|began|begun|debut|debutee?s?)"
    r"(?: as an? [\w ]{3,24}?)?(?: about| around| some| il y a| remonte a)?\s*$"
)
# "tingling for 2 weeks, the mole has been there 20 years"
_THERE = re.compile(r"\b(?:been there|is there|was there|est la|existe)(?: (?:for|since|about|some|depuis))*\s*$")
_THERE_SINCE, _SAID, _BARE = 0, 1, 2
_ACHES = re.compile(r"\b(?:pains?|painful|ach\w+|sore|hurt\w*|mal|douleurs?|douloureu\w+)\b")
_ONSET_FIELD = re.compile(
    r"\b(?:duration|onset|noticed|first seen|debut|apparition|anciennete|duree|depuis quand|since when)\s?[:?]"
    r"\s?(?:il y a |depuis )?$"
)


def _durations(note: NoteText, start: int = 0, end: int | None = None) -> Iterator["re.Match[str]"]:
    for match in note.words.duration.finditer(note.plain, start, len(note.plain) if end is None else end):
        # "a m" and "un d" are not durations; figures may stand before one letter
        if len(match[4] or "xx") > 1 or match[3][0].isdigit():
            yield match


def _days(note: NoteText, match: "re.Match[str]") -> int:
    if match[1]:
        return int(match[1]) * _PART[match[2]]
    unit = 7 if match[4] == "s" else _DAYS[match[4][0]]
    half = 0.5 if _AND_A_HALF.match(note.plain, match.end()) else 0
    more = _AND_MORE.match(note.plain, match.end())
    return round((number(note, match[3]) + half) * unit) + (int(more[1]) * _DAYS[more[2][0]] if more else 0)


def days_near(context: Context, place: int, anywhere: bool = False) -> int | None:
    """Return the days that a sentence tells within some words after a place."""
    reach = context.end if anywhere else min(context.end, place + 48)
    note = NoteText(context.plain, context.plain, (), context.words)
    short = context.words.measures["short"].search(context.plain, place, reach)
    found = next(_durations(note, context.start if anywhere else place, reach), None)
    if found and not anywhere:
        between = context.plain[place : found.start()]
        between = re.sub(r"\d+(?:[.,]\d+)?(?= ?(?:mm|cm|to|a|x)\b)", "", between)
        if re.search(r"\d|\b(?:ago|but|mais|bleed\w*|saign\w*|il y a)\b|[;:]", between):
            found = None
    if found:
        return _days(note, found)
    return 30 if short else None


def read_duration(note: NoteText) -> Reading | None:
    """Return how long the lesion, rash or complaint has been there."""
    ages = [match.span() for match in age_matches(note)]
    told: list[tuple[int, int, tuple[int, int]]] = []
    told += [(_SAID, 1, match.span()) for match in note.words.measures["yesterday"].finditer(note.plain)]
    for start, end in note.sentences():
        for match in _durations(note, start, end):
            if any(a <= match.start() < b for a, b in ages):
                continue
            present = _of_the_lesion(note, match, start, end)
            if present is not None:
                there = _THERE.search(note.plain, start, match.start())
                told.append((_THERE_SINCE if there else _SAID if present else _BARE, _days(note, match), match.span()))
    if not told:
        return None
    _, days, place = min(told, key=lambda each: (each[0], each[2]))
    return Reading("duration_days", days, (place,))


def _of_the_lesion(note: NoteText, match: "re.Match[str]", start: int, end: int) -> bool | None:
    """Return whether words say that it is there since, or None where it is a time of something else."""
    plain, words, cues = note.plain, note.words, note.words.cues
    cut = max([start, *(m.end() for m in _CUT.finditer(plain, start, match.start()))])
    before, after = plain[cut : match.start()], plain[match.end() : min(end, match.end() + 26)]
    if re.match(r"[-\s]*old\b", after) or words.measures["after_not"].match(after.lstrip()):
        return None
    if match[4] and match[4][0] in "ay" and _AT_THE_AGE.search(before):
        return None
    theirs = cues["family"].search(before) and not cues["caller"].search(plain, start, match.start())
    if theirs or cues["spouse"].search(before):
        return None
    if _of_an_ache(note, before):
        return None
    if _ONSET_FIELD.search(plain, start, match.start()):
        return True
    if _STARTED.match(before) or words.measures["dated_onset"].search(before):
        return None if re.match(r"\W*(?:on|taking)\b", after) else True
    if _HISTORY_FOLLOWS.match(after) and not words.measures["change"].search(after):
        return True
    presence = [m.end() for m in words.measures["present"].finditer(before)]
    # "a bleeding lump for 3 weeks" tells the time of the lump
    change = [m for m in words.measures["change"].finditer(before) if not cues["lesion_noun"].match(before[m.end() :].lstrip())]
    if change and not (presence and _fresh_presence(before, change[-1].end(), presence)):
        return None
    if not change and re.match(r"\W*(?:over|in|within|en|sur|dans|sous|pendant|after|apres)\b", before) and cut > start:
        return None
    if re.match(r"\s*(?:ago|back)\b", after) and not (words.measures["onset"].search(before) or presence):
        return None
    if re.search(r"\b(?:il y a|y a)\s*$", before) and not re.search(
        r"\b(?:appar|surven|sorti|remarqu|vu|commenc|note)", before
    ):
        return None
    if _bare_unit(match):
        return None if not presence else True
    return bool(presence) or match.group().startswith("x")


def _of_an_ache(note: NoteText, before: str) -> bool:
    """Say whether the words before tell of a belly's or a joint's pain, and not of the lesion after it."""
    cues, aches = note.words.cues, list(_ACHES.finditer(before))
    elsewhere = cues["elsewhere_pain"].search(before) or cues["aching_part"].search(before)
    return bool(aches and elsewhere and not cues["lesion_noun"].search(before, aches[-1].end()))


def _bare_unit(match: "re.Match[str]") -> bool:
    return bool(match[4]) and match[3] in ("a", "an", "un", "une")


def _fresh_presence(before: str, changed: int, presence: list[int]) -> bool:
    """Say whether "there 5 years" comes after the change, and not as the change's own "for 5 weeks"."""
    own = re.compile(
        r"\b(?:there|present|noticed|appeared|been there|apparue?|presente?|evoluant|duration|history|hx|existe)\b"
    )
    return any(place > changed for place in presence) and bool(own.search(before, changed))


def read_diameter(note: NoteText) -> Reading | None:
    """Return the largest figure of the index lesion in millimetres."""
    found = [*note.words.size.finditer(note.plain), *_SIZE_FIELD.finditer(note.plain)]
    sizes = [match for match in found if not _not_its_size(note, match)]
    if not sizes:
        return None
    size, largest = max(((_millimetres(note, match), match) for match in sizes), key=lambda each: each[0])
    return Reading("diameter_mm", int(size) if size.is_integer() else size, (largest.span(),))


def _not_its_size(note: NoteText, match: "re.Match[str]") -> bool:
    shrink = note.words.measures["shrink"]
    before = re.split(r"[.;,](?!\d)", note.plain[: match.start()])[-1][-40:]
    return bool(shrink.search(before) or shrink.match(note.plain[match.end() : match.end() + 20].lstrip()))


def _millimetres(note: NoteText, match: "re.Match[str]") -> float:
    told = match["figures"]
    figures = [number(note, figure) for figure in FIGURE.findall(told)] or [number(note, told)]
    half = 0.5 if _AND_A_HALF.match(note.plain, match.end()) else 0
    return round(float(max(figures) + half) * (10 if match["unit"].startswith("c") else 1), 2)


def grew_in_figures(context: Context) -> tuple[str, tuple[int, int]] | None:
    """Return change in size where two sizes are told: "4 mm last year, 6 mm now"."""
    measures = context.words.measures
    for match in _TWO_SIZES.finditer(context.plain, context.start, context.end):
        between = match[3] or match[5] or ""
        clause = context.plain[max(context.start, match.start() - 24) : match.end() + 16]
        rest = f"{between} {context.plain[match.end() : match.end() + 16]}"
        arrow, then = re.search(r"->|→", between), _THEN.fullmatch(between)
        if not arrow and not then and not (measures["grew_from"].search(clause) and measures["now"].search(rest)):
            continue
        old, new = (float(match[place].replace(",", ".")) for place in ((6, 1) if then else (1, 6)))
        return ("present" if new > old else "absent"), match.span()
    return None
