"""Where the index lesion is: the region and its side, not a scar's or an old melanoma's."""

import re
from collections.abc import Iterator

from derm_xai.notes.reader.context import Context
from derm_xai.notes.reader.readings import Reading
from derm_xai.notes.reader.text import NoteText

_AROUND = 26
_TOPICAL = re.compile(r"\b(?:ointment|cream|pommade|creme|gel|drops|collyre|shampoo|emollient)\b")
_SIDE_FIELD = re.compile(r"\b(?:side|cote|lateralite)\s?:\s?")
_ONLY_THERE = re.compile(r"\b(?:only (?:in|at) (?:the|his|her)|seulement (?:au|aux|a la|a l'))\s*$")
_CONTRAST = re.compile(
    r"[,;.:](?!\d)|\bbut\b|\bmais\b|\btoday\b|\bnow\b|\bmaintenant\b|\bce jour\b|\bso (?=i|he|she|we)|"
    r"\balors\b|\bdonc\b|\band (?=now|has|a new)"
)

Site = tuple[str, "re.Match[str]"]
_OF_TODAY, _TOLD, _BACKGROUND = 2, 1, 0


def read_site_and_side(note: NoteText) -> Iterator[Reading]:
    """Yield the one region that the note is about, and the side told near it."""
    if note.words.cues["widespread"].search(note.plain):
        return
    rash = bool(note.words.cues["rash"].search(note.plain))
    contexts = [Context.of(note, *span) for span in note.sentences()]
    told = [(_standing(context), site) for context in contexts for site in _sites(context, rash)]
    # an old eczema's or another lesion's region gives way to the region of what is shown today; a rash may be in several
    foremost = max((standing for standing, _ in told), default=_TOLD)
    found = [site for standing, site in told if rash or standing == foremost]
    if len({name for name, _ in found}) != 1:
        return
    yield Reading("anatom_site", found[0][0], (found[0][1].span(),))
    sides = [near for _, place in found for near in _sides(note, place)]
    labelled = _labelled(note)
    if labelled or sides:
        side, where = labelled or min(sides)[1:]
        if side != "both":
            yield Reading("side", side, (where,))


def _standing(context: Context) -> int:
    """Return whether a sentence speaks of what is shown today, of the background, or does not say."""
    if context.has("of_today"):
        return _OF_TODAY
    return _BACKGROUND if context.has("background") else _TOLD


def _sites(context: Context, rash: bool) -> Iterator[Site]:
    mucosal = [
        match.span() for match in context.words.findings["mucosal_lesions"].finditer(context.plain, context.start, context.end)
    ]
    for name, words in context.words.sites.items():
        for match in words.finditer(context.plain, context.start, context.end):
            in_mouth = any(start <= match.start() < end for start, end in mucosal) and (rash or match.group().startswith("lip"))
            if not in_mouth and not _of_another(context, match):
                yield name, match


def _of_another(context: Context, match: "re.Match[str]") -> bool:
    cues = context.words.cues
    start = max([context.start, *(m.end() for m in _CONTRAST.finditer(context.plain, context.start, match.start()))])
    stops = [m.start() for m in _CONTRAST.finditer(context.plain, match.end(), context.end)]
    before, after = context.plain[start : match.start()], context.plain[match.end() : min([context.end, *stops])]
    clause = f"{before}{match.group()}{after[:24]}"
    if cues["other_lesion"].search(clause) or cues["spouse"].search(clause) or _TOPICAL.search(before + match.group()):
        return True
    if cues["family"].search(before) and not cues["caller"].search(context.text):
        return True
    if _ONLY_THERE.search(before) or re.search(
        r"\b(?:pain|ache|arthr\w+|douleurs?|saignements?|mal) (?:in|of|du|des?|aux?|a la) (?:the |la )?$", before
    ):
        return True
    return _of_old_cancer(context, before, clause, match)


def _of_old_cancer(context: Context, before: str, clause: str, match: "re.Match[str]") -> bool:
    findings, cues = context.words.findings, context.words.cues
    cancer = any(findings[name].search(clause) for name in ("melanoma_history", "skin_cancer_history"))
    if not cancer:
        return False
    rest = context.plain[match.end() : match.end() + 30]
    told = cues["told"].search(context.plain, context.start, match.start()) or re.match(r"[^.;]{0,12}\b(?:19|20)\d\d\b", rest)
    return bool(told) and not cues["guess"].search(before)


def _labelled(note: NoteText) -> tuple[str, tuple[int, int]] | None:
    """Return the side that a form's own field tells."""
    for label in _SIDE_FIELD.finditer(note.plain):
        for side, words in note.words.sides.items():
            if told := words.match(note.plain, label.end()):
                return side, told.span()
    return None


def _sides(note: NoteText, place: "re.Match[str]") -> Iterator[tuple[int, str, tuple[int, int]]]:
    start, end = max(0, place.start() - _AROUND), place.end() + _AROUND
    for side, words in note.words.sides.items():
        for match in words.finditer(note.plain, start, end):
            between = note.plain[min(match.end(), place.end()) : max(match.start(), place.start())]
            short = len(match.group()) == 1
            if re.search(r"(?<!sup)(?<!inf)(?<!ext)(?<!int)[.;]\s", between) or (short and len(between) > 14):
                continue
            gap = len(between) + 12 * ("," in between)
            yield gap, side, match.span()
