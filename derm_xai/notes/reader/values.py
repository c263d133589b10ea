"""Values of a note: age, sex, site, side, duration, diameter."""

import re
from collections.abc import Iterator

from derm_xai.notes.reader.lexicon import CUES, SITES, pattern
from derm_xai.notes.reader.mentions import Reading
from derm_xai.notes.reader.text import NoteText

_WORDS = dict(zip("one two three four five six seven eight nine ten eleven twelve".split(), range(1, 13), strict=True))
_WORDS |= dict(zip("un deux trois quatre cinq six sept huit neuf dix onze douze".split(), range(1, 13), strict=True))
_WORDS |= {"a": 1, "an": 1, "une": 1, "couple of": 2, "a couple of": 2, "quinze": 15, "vingt": 20}
_NUMBER = r"\d+(?:[.,]\d+)?|" + "|".join(sorted(_WORDS, key=len, reverse=True))
_UNIT = r"days?|jours?|j|d|weeks?|wks?|wk|w|semaines?|sem|months?|mths?|mois|mo|m|years?|yrs?|y|ans?|annees?"
_DAYS = {"d": 1, "j": 1, "w": 7, "s": 7, "m": 30, "y": 365, "a": 365}
_FULL = r"days?|jours?|weeks?|semaines?|months?|mois|years?|ans?|annees?"
_DURATION = pattern(rf"(\d+(?:[.,]\d+)?) ?({_UNIT})(?!')|(\d+)/(52|12|7)|({_NUMBER})[ -]+({_FULL})")
_SINCE = re.compile(r"\b(?:for|present|there|duration|over|since|depuis|evoluant|evolue|anciennete|noticed|appeared|apparue?|history|il y a|duree|x|last|past)\b[^.;]{0,22}$")  # fmt: skip
_NOT_DURATION = re.compile(r"\b(?:aged?|doubled?|growth|croissance|widened|elargi\w*|en|sintrom|review|revoir|follow|in|dans|fever|fievre|bled|bleed\w*|saigne\w*|itch\w*|started|debut\w*|taking|warfarin|grown|growing|bigger|grossi\w*|darker|change\w*|last|toutes les|every|controle|sous|ago|excis\w*)\b[^.;,]{0,28}$")  # fmt: skip
_AGE = re.compile(r"\b[fmh],? ?(\d\d)\b(?! ?(?:mm|cm|/))|\b(?:girl|boy) of (\d+)\b|\b(?:fille|femme|homme|garcon|patiente?|fillette) de (\d{1,3}) ans\b|\b(?:mlle|mme|m\.|monsieur|madame)[^.;\d]{0,16}, (\d{1,3}) ans\b|\b(?:dad|mum) is (\d+)\b|\b(?:papa|maman|il|elle) a (\d+) ans\b|\b(\d{1,3})[ -]*(?:years?|yrs?|y)[ -]*(?:old|o)\b|\b(\d{1,3})[ -]?(?:yo|y/o|yr|f|m|h)\b|\bage[dr]?e?(?: de)?:? ?(\d{1,3})\b(?! ?mois)|(?<!depuis )(?<!a )(?<!depuis )(?<!en )(?<!sur )\b(\d{1,3}) ans\b(?=,| pour| adresse|[.;]|$| se | qui | vu| sans| avec| present| consult)|\b(?:woman|man|lady|gentleman|male|female|mr|mrs|ms|miss)[^.;\d]{0,16}\b(\d{1,3})\b(?! ?(?:mm|cm|/|w|mo|d))|\b(?:she|he) is (\d{1,3})\b|\b(?:i am|i'm|j'ai) (\d{1,3})(?: ans)?\b")  # fmt: skip
_INFANT = re.compile(
    r"\b\w+[ -]?(?:months?|mois|weeks?|semaines?)[ -]old\b|\b(?:baby|infant|nourrisson|bebe)\b[^.;]{0,12}\d+ ?(?:months?|mois|weeks?|semaines?)"
)
_SEX = {
    "female": pattern(
        r"f(?=,? ?\d\d)|woman|female|lady|girl|mrs|miss|ms|she|her|herself|\d+ ?yo? ?f|\d+ ?f|mme|mlle|madame|femme|fille de|patiente|elle|nee|fille de \d|etudiante|immunodeprimee|greffee"
    ),
    "male": pattern(
        r"[mh](?=,? \d\d\b(?! ?(?:mm|cm)))|man|male|gentleman|boy|mr|he|his|him|himself|\d+ ?yo? ?m|\d+ ?m|m\.|monsieur|homme|garcon|(?<=un )patient|(?<=le )patient|patient(?= de (?:\d|sexe)| age)(?! agee)|il (?:se|a|est|n')|ne le|greffe|\d+ ?h|seropositif"
    ),
}
_SIZE = re.compile(
    r"(\d+(?:[.,]\d+)?)(?:\s*(?:x|a|to|-|sur|by|par|et|/|->|→)\s*(\d+(?:[.,]\d+)?))*\s*(mm|cm|millim\w+|centim\w+)\b"
)
_NOT_SIZE = re.compile(r"\b(?:breslow|margins?|marges?|scar|cicatrice|within|epaisseur|thick\w*)\b[^.;,]{0,20}$")
_SIDE = {"left": pattern(r"left|l(?!')|lt|gauche|g|gche"), "right": pattern(r"right|r|rt|droite?|d(?!')|dte|dt")}
_SPREAD = re.compile(r"\b(?:widespread|generali[sz]ed|all over|diffuse|etendue?|generalisee?)\b")


def read_values(note: NoteText) -> list[Reading]:
    """Return the values that the note gives, each once."""
    plain = note.plain
    found = (_age(plain), _sex(plain), *_site_and_side(note), _duration(note), _diameter(plain))
    return [reading for reading in found if reading]


def _number(text: str) -> float:
    return float(_WORDS[text]) if text in _WORDS else float(text.replace(",", "."))


def _age(plain: str) -> Reading | None:
    infant = _INFANT.search(plain)
    if infant:
        return Reading("age", 0, (infant.span(),))
    for match in _AGE.finditer(plain):
        age = int(next(group for group in match.groups() if group))
        clause = re.split(r"[.;]", plain[: match.start()])[-1][-30:]
        relative = (
            not re.match(r"(?:girl|boy|fille|garcon)", match.group())
            and CUES["family"].search(clause)
            and not re.search(r"\b(?:dad|mum|papa|maman) (?:is|a|est)\b", plain[: match.end()])
        )
        if age <= 110 and not relative and not re.search(r"\b(?:depuis|il y a|sur)\b", clause[-12:]):
            return Reading("age", age, (match.span(),))
    return None


def _sex(plain: str) -> Reading | None:
    for sentence in re.finditer(r"[^.;\n]+[.;]?", plain):
        if CUES["spouse"].search(sentence.group()):
            continue
        found = [
            (match.start(), sex, match.span()) for sex, words in _SEX.items() for match in words.finditer(sentence.group())
        ]
        if found:
            _, sex, (start, end) = min(found)
            return Reading("sex", sex, ((start + sentence.start(), end + sentence.start()),))
    if re.search(r"\b(?:dad|papa) (?:is|a|est)\b", plain):
        match = re.search(r"\b(?:dad|papa)\b", plain)
        return Reading("sex", "male", (match.span(),)) if match else None
    return None


def _site_and_side(note: NoteText) -> Iterator[Reading | None]:
    if _SPREAD.search(note.plain):
        return
    found = [(name, match) for span in note.sentences() for name, match in _sites(note.plain, span)]
    # "dorsum of the foot", "nail of a finger": the nearer word to the end of a phrase wins; several regions have none
    names = {name for name, _ in found}
    if len(names) != 1:
        return
    yield Reading("anatom_site", found[0][0], tuple(match.span() for _, match in found[:1]))
    place = found[0][1]
    start, end = place.start() - 24, place.end() + 24
    near = [
        (abs(match.start() - place.start()), side, match.span())
        for side, words in _SIDE.items()
        for match in words.finditer(note.plain)
        if start <= match.start() and match.end() <= end and not _apart(note.plain, match, place)
    ]
    if near:
        _, side, where = min(near)
        yield Reading("side", side, (where,))


def _apart(plain: str, one: "re.Match[str]", other: "re.Match[str]") -> bool:
    between = plain[min(one.end(), other.end()) : max(one.start(), other.start())]
    return bool(re.search(r"[.;]\s", between))


def _sites(plain: str, span: tuple[int, int]) -> Iterator[tuple[str, "re.Match[str]"]]:
    for name, words in SITES.items():
        for match in words.finditer(plain, *span):
            clause = re.split(r"[,;.]", plain[span[0] : match.start()])[-1] + plain[match.start() : match.end() + 12]
            if not CUES["other_lesion"].search(clause) and not CUES["family"].search(clause):
                yield name, match


def _duration(note: NoteText) -> Reading | None:
    plain, best = note.plain, None
    ages = {place for match in [*_AGE.finditer(plain), *_INFANT.finditer(plain)] for place in range(*match.span())}
    for match in _DURATION.finditer(plain):
        before = re.split(r"[.;]\s", plain[: match.start()])[-1][-40:]
        after = plain[match.end() : match.end() + 14]
        if (
            match.start() in ages
            or re.match(r"[ -]*(?:old|ago\b.{0,4}excis)|,? ?(?:f|m|h)\b", after)
            or (re.search(r"\b(?:aged?|de)\s*$", before) and "an" in match.group())
        ):
            continue
        if CUES["family"].search(before) or (
            _NOT_DURATION.search(before) and not re.search(r"\b(?:depuis|present|there) [^,]*$", before)
        ):
            continue
        since = bool(_SINCE.search(before))
        if not since and re.search(r"\b(?:ans?|years?|y|m|d|a)$", match.group()) and re.match(r"an? ", match.group()):
            continue
        if best is None or (since and not best[1]):
            best = (match, since)
    return Reading("duration_days", _days(best[0]), (best[0].span(),)) if best else None


def _days(match: "re.Match[str]") -> int:
    if match[3]:
        return int(match[3]) * {"52": 7, "12": 30, "7": 1}[match[4]]
    number, unit = match[1] or match[5], match[2] or match[6]
    return round(_number(number) * _DAYS[unit[0]])


def _diameter(plain: str) -> Reading | None:
    sizes = [match for match in _SIZE.finditer(plain) if not _NOT_SIZE.search(plain[: match.start()][-40:])]
    if not sizes:
        return None
    largest = max(sizes, key=_millimetres)
    size = _millimetres(largest)
    return Reading("diameter_mm", int(size) if size.is_integer() else size, (largest.span(),))


def _millimetres(match: "re.Match[str]") -> float:
    figures = [float(figure.replace(",", ".")) for figure in re.findall(r"\d+(?:[.,]\d+)?", match.group())]
    return round(max(figures) * (10 if match[3].startswith("c") else 1), 2)
