"""Mentions of findings, each with what its sentence says of it; then one value for each finding."""

import re
from collections.abc import Iterator

from derm_xai.notes.reader.answers import answered
from derm_xai.notes.reader.changes import read_changes
from derm_xai.notes.reader.context import Context
from derm_xai.notes.reader.measures import days_near, grew_in_figures
from derm_xai.notes.reader.readings import Reading
from derm_xai.notes.reader.scope import others_lesion, status
from derm_xai.notes.reader.text import NoteText

HISTORY = {"melanoma_history", "skin_cancer_history"}
_PERSONAL = {"immunosuppressed", "sunburn", "sunbeds", "many_naevi", "unwell", "facial_swelling_or_breathing"}
_RASHES_HAVE_NONE = {"new_lesion", "change_in_size", "change_in_shape", "rapid_growth"}
# the words of the first are not read again as the second
_OWNS = {
    "mucosal_lesions": {"ulceration", "pain", "crust", "bleeding"},
    "new_drug": {"new_lesion"},
    "rapid_growth": {"change_in_size"},
    "change_in_colour": {"new_lesion"},
}
_PLAIN_WORDS = {
    "inflammation", "altered_sensation", "pain", "ulceration", "bleeding", "crust", "elevated", "mucosal_lesions", "new_drug",
}  # fmt: skip
_DENIAL_INSIDE = re.compile(r"\b(?:not|no|never|pas|non|jamais|sans|aucune?|ni|without)\b")
_ANY_CANCER = re.compile(r"cancer|^carcinomes?$|^carcinomas?$")
_TURNED_ROUND = {"pain", "non_blanching"}
_NEW_WITHIN = 190
_FAST_WITHIN = 60
_DIGIT = re.compile(r"\d")
_MULTIPLIED = re.compile(r"doubl|trebl|tripl|quadrupl")
_DOES_NOT = re.compile(
    r"[^.;]{0,40}[.;,] ?(?:but )?(?:the|le|la|celui|his|her) [^.;]{3,45}?(?: does not| doesn't| isn't|"
    r" is not| has not| hasn't|,? non| n'est pas| ne l'est pas)\s*(?:[.;]|$)"
)
_OTHERS = re.compile(r"\b(?:his|her|the patient's|sa|son)\s+$")
_FIELD_END = re.compile(r"[.]| {2,}")
_YES_NEXT = re.compile(r"\W{1,3}(?:yes|oui|positive|si\b|\+)")
_YES_BEFORE = re.compile(r"\b(?:oui|yes)\W+(?:\w+\W+){0,3}$")
_ARTICLE = re.compile(r"\b(?:the|a|an|this|le|la|un|une|ce|cette) $")
_HAS = re.compile(r"[^,]*?\b(?:has|had|also|a|avait|ont|souffre|suffers)\b")

Mention = tuple[str, str, tuple[int, int]]


def read_mentions(note: NoteText) -> list[Reading]:
    """Return the findings that are present, absent, uncertain or a relative's."""
    rash = bool(note.words.cues["rash"].search(note.plain))
    drug_told = rash or bool(note.words.cues["drug_context"].search(note.plain))
    found = [mention for span in note.sentences() for mention in _sentence(note, span)]
    if any(name == "pain" and value == "absent" for name, value, _ in found):
        found = [each for each in found if each[:2] != ("pain", "present") or not _of_a_part(note, each[2])]
    for name in HISTORY:
        if any(
            own == name and value == "absent" and _ANY_CANCER.search(note.plain[slice(*place)]) for own, value, place in found
        ):
            found = [each for each in found if each[:2] != (name, "present")]
    names = dict.fromkeys(name for name, _, _ in found)
    readings = (_resolved(name, [(value, place) for own, value, place in found if own == name]) for name in names)
    needed = {"new_drug": drug_told, "spreading_redness": rash or bool(note.words.cues["redness"].search(note.plain))}
    return [each for each in readings if needed.get(each.name, not (rash and each.name in _RASHES_HAVE_NONE))]


def _of_a_part(note: NoteText, place: tuple[int, int]) -> bool:
    """Say whether a pain is a knee's or a tooth's, where the lesion's own is denied."""
    parts = note.words.cues["aching_part"]
    return any(match.start() <= place[0] < match.end() for match in parts.finditer(note.plain))


def _resolved(name: str, values: list[tuple[str, tuple[int, int]]]) -> Reading:
    kinds = {value for value, _ in values}
    # a symptom said to be there and not there at different times is there; a history is taken with care
    order = ("present", "family", "absent", "uncertain") if name in HISTORY else ("present", "uncertain", "absent", "family")
    value = next(kind for kind in order if kind in kinds)
    return Reading(name, value, tuple(place for own, place in values if own == value))


def _sentence(note: NoteText, span: tuple[int, int]) -> Iterator[Mention]:
    context = Context.of(note, *span)
    changes = (each for each in read_changes(context) if not (context.spouse or others_lesion(context, each[2][0])))
    found = [*changes, *_opposites(context)]
    found += _found(context, {(name, place) for name, _, place in found})
    found += _hot_and_red(context)
    grown = grew_in_figures(context)
    if grown:
        found.append(("change_in_size", *grown))
        days = days_near(context, grown[1][1])
        if grown[0] == "present" and days is not None and days <= _FAST_WITHIN:
            found.append(("rapid_growth", *grown))
    denied = {(name, context.clause_span(place[0])) for name, value, place in found if value == "absent"}
    for name, value, place in found:
        # one misread word must not outweigh a denial in the same clause
        if value != "present" or (name, context.clause_span(place[0])) not in denied:
            yield name, value, place


def _opposites(context: Context) -> Iterator[Mention]:
    for name, words in context.words.opposites.items():
        for match in words.finditer(context.plain, context.start, context.end):
            value = status(context, *match.span())
            if value == "absent" and not _denied_before(context, match):
                value = "present"  # a denial of another item does not reach "apyrexial"
            if _not_the_patients(context, match, name):
                continue
            said = {"present": "absent", "uncertain": "uncertain", "absent": "present" if name in _TURNED_ROUND else None}
            if value and said[value]:
                yield name, str(said[value]), match.span()
            if name == "rapid_growth" and value == "present":
                yield "change_in_size", "present", match.span()


def _denied_before(context: Context, match: "re.Match[str]") -> bool:
    start, _ = context.clause_span(match.start())
    return bool(context.words.cues["negation"].search(context.plain[start : match.start()]))


def _found(context: Context, earlier: set[tuple[str, tuple[int, int]]]) -> Iterator[Mention]:
    taken = list(earlier)
    for name, words in context.words.findings.items():
        for match in words.finditer(context.plain, context.start, context.end):
            if _is_taken(name, match.span(), taken):
                continue
            value = _value(context, name, match)
            if name in _OWNS:
                taken.append((name, match.span()))
            if name == "rapid_growth" and value == "absent":
                value = None  # "no rapid growth" does not say that it is slow
            if value:
                yield name, value, match.span()
            if name == "rapid_growth" and value in ("present", "uncertain"):
                yield "change_in_size", "present" if value == "present" else "uncertain", match.span()
            if name == "change_in_size" and value == "present" and _fast(context, match):
                yield "rapid_growth", value, match.span()
    yield from _onsets(context)


def _hot_and_red(context: Context) -> Iterator[Mention]:
    """Yield inflammation where redness, heat, and swelling or pain are all told, in any order."""
    signs = [
        context.words.cues[name].search(context.plain, context.start, context.end) for name in ("redness", "heat", "swelling")
    ]
    red, hot, swollen = signs
    if red and hot and swollen:
        values = {status(context, *sign.span()) for sign in (red, hot, swollen)}
        if len(values) == 1 and (value := values.pop()):
            yield "inflammation", value, red.span()


def _is_taken(name: str, place: tuple[int, int], taken: list[tuple[str, tuple[int, int]]]) -> bool:
    return any(
        (own == name or name in _OWNS.get(own, ())) and start <= place[0] < end
        for own, (start, end) in taken
        if own != name or place != (start, end) or name not in _OWNS
    )


def _fast(context: Context, match: "re.Match[str]") -> bool:
    """Say whether growth is told within some eight weeks."""
    days = days_near(context, match.end())
    if days is None and _MULTIPLIED.match(match.group()):
        days = days_near(context, context.start, anywhere=True)
    return days is not None and days <= _FAST_WITHIN


def _onsets(context: Context) -> Iterator[Mention]:
    for name in ("onset", "dated_onset"):
        for match in context.words.measures[name].finditer(context.plain, context.start, context.end):
            if others_lesion(context, match.start()) or status(context, *match.span()) != "present":
                continue
            days = days_near(context, match.end(), anywhere=True)
            if days <= _NEW_WITHIN if days is not None else name == "onset":
                yield "new_lesion", "present", match.span()


def _not_the_patients(context: Context, match: "re.Match[str]", name: str) -> bool:
    of_a_lesion = name not in {"new_drug", *_PERSONAL}
    if context.spouse or (of_a_lesion and others_lesion(context, match.start())):
        return True
    relatives = list(context.words.cues["family"].finditer(context.plain, context.start, match.start()))
    if not relatives or context.has("caller"):
        return False
    between = context.plain[relatives[-1].end() : match.start()]
    theirs = _OTHERS.search(context.plain[max(0, relatives[-1].start() - 14) : relatives[-1].start()])
    return (
        "," not in between
        and bool(theirs or name in _PERSONAL or name == "fever")
        and bool(between.startswith("'s") or _HAS.match(between))
    )


def _value(context: Context, name: str, match: "re.Match[str]") -> str | None:
    value = status(context, *match.span())
    if value == "absent" and name == "fever" and _DIGIT.search(match.group()) and not _denied_before(context, match):
        value = "present"  # the "no" of another item does not undo a temperature that was measured
    if value == "uncertain" and name == "elevated" and _named_before_the_doubt(context, match):
        value = "present"
    if value == "present" and name in _PLAIN_WORDS and _DENIAL_INSIDE.search(match.group()):
        value = "absent"
    if name in HISTORY:
        return _history(context, value, match)
    if _not_the_patients(context, match, name):
        denied = others_lesion(context, match.start()) and _DOES_NOT.match(context.plain, match.end())
        return "absent" if denied else None
    if name in _PERSONAL and context.family and not context.has("caller") and not context.has("own"):
        return None
    if context.words.cues["not_the_lesion"].match(context.plain, match.end() + 1, context.end):
        return "absent"
    if name == "pain" and _elsewhere(context, match):
        return None
    if (
        name != "bleeding"
        and value == "present"
        and context.words.cues["now_gone"].search(context.plain, match.end(), min(context.end, match.end() + 60))
    ):
        return "absent"
    if name == "bleeding" and value == "absent" and context.words.cues["past_bleed"].search(context.clause(match.start())):
        return "present"
    return value


def _named_before_the_doubt(context: Context, match: "re.Match[str]") -> bool:
    """Say whether a lump is named and the doubt is about what follows: "the nodule may have bled"."""
    start, end = context.clause_span(match.start())
    named = _ARTICLE.search(context.plain, start, match.start())
    hedge = context.words.cues["hedge"]
    return bool(named and hedge.search(context.plain, match.end(), end)) and not hedge.search(
        context.plain, start, match.start()
    )


def _elsewhere(context: Context, match: "re.Match[str]") -> bool:
    start, end = context.clause_span(match.start())
    near = context.plain[max(start, match.start() - 20) : min(end, match.end() + 20)]
    return bool(context.words.cues["elsewhere_pain"].search(near))


def _history(context: Context, value: str | None, match: "re.Match[str]") -> str | None:
    if context.spouse or value is None:
        return None
    before = context.plain[context.start : match.start()]
    if context.has("personal_or_family"):
        return value if value == "absent" else None
    if value == "absent" and _family_yes(context, match.end()):
        return "family"
    clause = context.clause(match.start())
    told, guess = context.has("told"), bool(context.words.cues["guess"].search(clause))
    if answered(context, match.end()):
        told, guess = True, False
    if context.words.cues["both"].search(before):
        return value
    if context.family and not _own(context, match):
        return "family" if value == "present" and not guess else None
    if value == "absent":
        return value
    # "?MM", "impression: BCC", "ressemble a un CBC" are the doctor's thoughts of today
    if value == "uncertain":
        hedged = context.words.cues["hedge"].search(context.text)
        return value if told and hedged and "?" not in before[-3:] else None
    return "present" if told and not guess else None


def _family_yes(context: Context, place: int) -> bool:
    """Say whether "mother yes", "yes in the mother" answers after the patient's own no."""
    near = _FIELD_END.split(context.plain[place : place + 45])[0]
    return any(
        _YES_NEXT.match(near, kin.end()) or _YES_BEFORE.search(near[: kin.start()])
        for kin in context.words.cues["family"].finditer(near)
    )


def _own(context: Context, match: "re.Match[str]") -> bool:
    clause = context.clause(match.start())
    return bool(context.words.cues["own"].search(clause)) and not context.words.cues["family"].search(clause)
