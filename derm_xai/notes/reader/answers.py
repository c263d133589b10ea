"""What is written beside a mention, as on a form: "itch: no", "+ itch", "pain? A: yes", "[x] bleeding"."""

import re

from derm_xai.notes.reader.context import ADJECTIVE, LIST_REACH, Context
from derm_xai.notes.reader.text import ANSWER_LABEL

_JOINT = re.compile(
    r"\s*(?:[:=-]\s*|\()?"
    r"(?:(?:personal(?:ly)?|self|own|himself|herself|patient|pt|perso(?:nnel(?:le)?)?|elle-meme|lui-meme|elle|lui|moi"
    r"|(?:chez|pour) (?:elle|lui|moi)|her|him|he|she|me|patiente)[,:]?\s+)?"
)
_LABEL = re.compile(r"\s*[a-z/'() ]{0,28}\s?:\s*")
_DASHED = re.compile(r"\s[a-z'() ]{1,28}\s-+\s")
# "itch, none; pain ... none; bleeding -> none"
_LOOSE = re.compile(
    r"(?:\s(?:history|personally|personnel\w*|anterieur\w*|antecedents?|recent\w*|(?:or|and|ou|et) [a-z]+))?"
    r"\s*(?:[,;/=?]|\.{2,}|\u2026|-*>|\u2192|[:=]\s*-+|-+)\s*\(?"
)
# "pain? A: no", "has it bled? it hasn't"
_ASKED = re.compile(rf"(?:\s[a-z']+){{0,2}}\s*\?\s*(?:{ANSWER_LABEL}\s*|(?:it|he|she|they|i)\s+)?")
_ANSWER_END = re.compile(r"\s*(?:[.,;/)]|$)|\s+[a-z' ]{2,24}\s?\?")
# "pain, itch and bleeding: none", "itch, pain and numbness are absent": one answer for a list
_SHARED = re.compile(
    r"(?:\s*(?:[,/&]|\b(?:and|or|nor|et|ou|ni)\b)\s*[a-z' -]{2,30}?){1,4}\s*\)?\s*(?:[:=?]|\s[-–]\s|\b(?:are|is|"
    r"were|all|both|sont|tous|toutes)\b)\s*(?:\b(?:all|both|are|tous|toutes)\b\s*)*"
)
_TOLD_ABSENT = re.compile(
    r"(?:\s*(?:[,/&]|\b(?:and|or|nor|et|ou|ni)\b)\s*"
    r"(?:(?!\b(?:signale|rapporte|present|note|reported|yes|oui))[a-z' -]){2,30}?){1,4}"
    r"\s+(?:not (?:reported|present|seen|noted)|denied|nie(?:e?s)?|absent|negative|absente?s|nil|none|-ve|neg)\s*(?:[.,;]|$)"
    r"|(?:/[a-z' -]{2,24}?){1,3}\s+(?:no|non)\s*(?:[.,;]|$)"
)
_CHOICE = re.compile(r"^\s*\(?(?:o/n|y/n|oui/non|yes/no)\)?")
_BOX_NO = re.compile(
    r"\s*:?\s*(?:(?:\[\s?\]|[\u2610\u25a1])\s*(?:oui|yes)\s*(?:\[x\]|[\u2612\u2611\u25a0])\s*(?:non|no)\b"
    r"|(?:oui|yes)\s*(?:\[\s?\]|[\u2610\u25a1])\s*(?:non|no)\s*(?:\[x\]|[\u2612\u2611\u25a0]))"
)
# "itch -", "itch - pain + bleeding -"; a dash before other words is a dash: "bleeding - yes", "bleeding - since May"
_MINUS = re.compile(r"\s*(?:(?:[:=]\s*)?-\s*(?=[,.;/)]|$)|-(?=\s*[a-z' ]{2,30}?\s?[-+](?:[\s,.;]|$))|\(-\)|-ve\b)")
# "[ ] itch [x] pain", and "itch [ ] pain [x]"
_BOX = re.compile(r"\[\s?(x|v)?\s?\]|([\u2611\u2612\u2713\u2714\u25a0])|[\u2610\u25a1]")
_ANSWERING = re.compile(
    r"[:=?]|\s[-–]\s|-ve|\b(?:are|is|were|all|both|sont|tous|toutes|not|denied|niee?s?|absente?s?|negative|nil|none|no|non|neg)\b"
)
# "+ itch, - pain": a dash is a minus where there is a plus
_SPACED_SIGN = re.compile(r"(?:^|[,;(]\s*)[-+]\s$")
_SIGN_BEFORE = re.compile(r"(?:^|[\s,(;])(?:[-+]|\([-+]\) ?|[-+]ve )$|[\u00f8\u2205] ?$")
_QUERY_BEFORE = re.compile(r"(?:(?:^|[\s(/,;:.])\?|(?:^|[(/,;:.])\s*\?\s)$")
_QUERY_AFTER = re.compile(r"\s*[:=-]?\s*\?")
# "pain there is none", "skin cancer he has never had", "cancer de la peau, il n'en a jamais eu"
_DENIED_AFTER = re.compile(
    r"(?:\s*(?:,|/|\b(?:and|or|et|ou)\b)\s*[a-z' -]{2,24}?){0,3},?\s+(?:"
    r"(?:there (?:is|was|has been)|(?:he|she|it|they|i) (?:has|had|have|is|was|does|did|reports?)) "
    r"(?:not|never|none|no)(?: (?:had|any|at all|history|have|ever had))*|(?:he|she|they|i) den(?:y|ies|"
    r"ied)(?: it| them| having)?"
    r"|(?:il|elle|je|j') ?(?:n'|ne )(?:en |y )?(?:a|ai|ont|avait) (?:jamais|pas|aucune?)(?: eue?)?|(?:il|"
    r"elle) (?:le |la |les )?nie"
    r"|(?:il )?n'y en a (?:pas|jamais eu)|(?:jamais|neant|never|none)(?: eue?)?|,? ?aucune? antecedents?)\s*(?:[.,;]|$)"
)
_ANSWER_REACH = 40


def skipped(context: Context, start: int, end: int) -> bool:
    """Say whether a mention stands at an empty box, or is marked as not asked."""
    answer = _answer(context, end)
    return not _BOX_NO.match(answer) and (_unticked(context, start, end) or _said(context, "unasked", answer))


def written(context: Context, start: int, end: int) -> str | None:
    """Return the answer that is written beside a mention, present, absent or uncertain; None where there is none."""
    before, after = context.plain[context.start : start], context.plain[end : context.end]
    answer = _answer(context, end)
    if _BOX_NO.match(answer):
        return "absent"
    sign = _SIGN_BEFORE.search(before) or ("+" in context.text and _SPACED_SIGN.search(before))
    if sign:
        return "present" if "+" in sign.group() else "absent"
    if (
        _said(context, "no", answer)
        or _MINUS.match(answer)
        or _shared(context, start, end)
        or _DENIED_AFTER.match(after[:LIST_REACH])
    ):
        return "absent"
    if _said(context, "yes", answer) and "?" in answer[:16]:
        return "present"
    if _QUERY_BEFORE.search(before) or _QUERY_AFTER.match(answer) or _said(context, "unsure", answer):
        return "uncertain"
    if context.words.cues["hedge"].search(context.clause(start)):
        return "uncertain"
    return "present" if _said(context, "yes", answer) else None


def answered(context: Context, place: int) -> bool:
    """Say whether a label is answered with yes."""
    return _said(context, "yes", context.plain[place : place + _ANSWER_REACH])


def _answer(context: Context, end: int) -> str:
    return _CHOICE.sub("", context.plain[end : end + _ANSWER_REACH], count=1)


def _unticked(context: Context, start: int, end: int) -> bool:
    """Say whether a mention stands at an empty box, in a form whose boxes stand all before, or all behind, their labels."""
    boxes = list(_BOX.finditer(context.plain, context.start, context.end))
    if not boxes:
        return False
    behind = not re.search(r"[a-z]", context.plain[boxes[-1].end() : context.end])
    own = [box for box in boxes if (box.start() >= end if behind else box.end() <= start)]
    if not own or re.search(r"[,;:]", context.plain[end : own[0].start()] if behind else context.plain[own[-1].end() : start]):
        return False
    return not any((own[0] if behind else own[-1]).groups())


def _said(context: Context, name: str, answer: str) -> bool:
    """Say whether an answer follows: "itch: no", "itch (no)", "itch history: no", "itch? no."."""
    words = context.words.after[name]
    for joint in (_JOINT, _LABEL, _DASHED, _LOOSE, _ASKED):
        found = joint.match(answer)
        said = found and words.match(answer, found.end())
        if not found or not said:
            continue
        if joint in (_DASHED, _LOOSE, _ASKED):
            return (name, joint) != ("unsure", _ASKED) and bool(_ANSWER_END.match(answer, said.end()))
        # a lone letter answers after a colon, or at the end of an item
        if (
            len(said.group()) > 1
            or said.group() in "0+"
            or ":" in answer[: found.end()]
            or _ANSWER_END.match(answer, said.end())
        ):
            return True
    return False


def _shared(context: Context, start: int, end: int) -> bool:
    """Say whether one "no" answers for a list that the mention is in."""
    if ADJECTIVE.fullmatch(context.plain[start:end]):
        return False
    if not _ANSWERING.search(context.plain, end, min(context.end, end + LIST_REACH)):
        return False
    if _TOLD_ABSENT.match(context.plain, end, min(context.end, end + LIST_REACH)):
        return True
    found = _SHARED.match(context.plain, end, min(context.end, end + LIST_REACH))
    return bool(found and context.words.after["no"].match(context.plain, found.end(), context.end))
