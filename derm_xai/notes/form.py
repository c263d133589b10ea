"""Answers as they come from a form, a JSON file or a CSV row, as a ClinicalContext.

Words for body sites cover the vocabularies of MILK10k, HAM10000, PAD-UFES-20 and the ISIC Archive. "UNK", "unknown"
and an empty answer are "not recorded", never "no".
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from pydantic import ValidationError

from derm_xai.errors import ContextError
from derm_xai.language import later
from derm_xai.notes.reader import LIMIT
from derm_xai.records import ClinicalContext
from derm_xai.vocabulary import AnatomSite

_MISSING = {"", "unk", "unknown", "na", "n/a", "nan", "none", "null", "not_recorded"}
_YES_NO = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False, "1.0": True, "0.0": False}
_SITE_WORDS = {
    AnatomSite.HEAD_NECK_FACE: "head neck face scalp ear nose lip eyelid cheek forehead chin head/neck head_neck",
    AnatomSite.TRUNK: "trunk back chest abdomen torso anterior_torso posterior_torso lateral_torso shoulder flank breast",
    AnatomSite.UPPER_EXTREMITY: "upper_extremity arm forearm upper_arm elbow wrist",
    AnatomSite.LOWER_EXTREMITY: "lower_extremity leg thigh shin calf knee ankle lower_leg upper_leg",
    AnatomSite.HAND: "hand finger palm",
    AnatomSite.FOOT: "foot toe sole heel",
    AnatomSite.GENITAL: "genital oral/genital groin",
}
_SITES = {word: site for site, words in _SITE_WORDS.items() for word in (site.value, *words.split())}
_ACRAL_WORDS = ("acral", "palms/soles")
"""They are in no one region."""
_ALSO_ANSWERED = {
    **dict.fromkeys(("ear", "nose", "lip", "eyelid"), "high_risk_site"),
    **dict.fromkeys(_ACRAL_WORDS, "acral_or_mucosal_site"),
}
"""What the word for a site says besides its region."""
_LIMITS = {
    "age": later("whole years from 0 to 120"),
    "sex": later("female or male"),
    "side": later("left or right"),
    "anatom_site": "one of: " + ", ".join(AnatomSite),
    "skin_tone": later("a class from 0 (dark) to 5 (light)"),
    "fitzpatrick": later("a type from 1 to 6"),
    "diameter_mm": later("millimetres, above 0 and up to 500"),
    "duration_days": later("whole days from 0 to 45,000"),
    "notes": later("text of up to 20,000 characters"),
}


def read_form(answers: Mapping[str, Any]) -> ClinicalContext:
    """Return the answers as a ClinicalContext.

    Keys are its field names; texts such as "true", "55.0", "UNK" and "" are understood, whatever their case.
    Raises ContextError that names the field and what it takes, and never repeats the answer.
    """
    unknown = sorted(set(answers) - set(ClinicalContext.model_fields))
    if unknown:
        raise ContextError(
            later("The notes have fields that are not known: {count}. Use the names in the README's list."), count=len(unknown)
        )
    values: dict[str, Any] = {}
    for name, answer in answers.items():
        if name == "notes":
            values[name] = "" if answer is None else answer
        elif not _is_missing(answer):
            values[name] = _value(name, answer)
            if name == "anatom_site" and (also := _ALSO_ANSWERED.get(_word(answer))):
                values.setdefault(also, True)
    try:
        return ClinicalContext(**values)
    except ValidationError as error:
        raise _refusal(str(error.errors()[0]["loc"][0])) from None


def readable_form(answers: Iterable[tuple[str, Any]]) -> ClinicalContext:
    """Return what can be read of answers by name, whatever the others are like; of two for one field a yes outweighs a no."""
    held: dict[str, Any] = {}
    for name, answer in answers:
        if name == "notes" and len(str(answer)) > LIMIT:
            continue
        with suppress(ContextError):
            for field, value in read_form({name: answer}).model_dump(exclude_defaults=True).items():
                held[field] = held.get(field) or value
    return ClinicalContext(**held)


def _is_missing(answer: Any) -> bool:
    return answer is None or _word(answer) in _MISSING


def _word(answer: Any) -> str:
    return str(answer).strip().lower().replace(" ", "_")


def _value(name: str, answer: Any) -> Any:
    word = _word(answer)
    if name == "anatom_site":
        if word in _ACRAL_WORDS:
            return None
        if word not in _SITES:
            raise _refusal(name)
        return _SITES[word]
    if name == "sex":
        return {"f": "female", "m": "male"}.get(word, word)
    if name == "side":
        return {"l": "left", "r": "right"}.get(word, word)
    if name in ("age", "skin_tone", "fitzpatrick", "diameter_mm", "duration_days"):
        return _number(name, word)
    if word not in _YES_NO:
        raise _refusal(name)
    return _YES_NO[word]


def _number(name: str, word: str) -> float:
    try:
        number = float(word)
    except ValueError:
        raise _refusal(name) from None
    return int(number) if number.is_integer() else number


def _refusal(name: str) -> ContextError:
    takes = _LIMITS.get(name, later("true, false or empty"))
    return ContextError(
        later("The field {name} cannot be read: it takes {takes}. Correct it or leave it empty."), name=name, takes=takes
    )
