"""What things are called on the page: urgency, photos, notes fields, numbers."""

from typing import NamedTuple

from derm_xai.language import _, decimal, later, retold
from derm_xai.records import ClinicalContext, Estimate
from derm_xai.vocabulary import CONCEPTS, AnatomSite, Diagnosis, ImageType, Urgency, VisualConcept

MINUS, NO_BREAK = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"


class Colours(NamedTuple):
    """Text and its background, as #rrggbb. Contrast is at least 4.5 (WCAG AA); a test measures it."""

    ink: str
    ground: str


class UrgencyLook(NamedTuple):
    """An urgency in words, with a Material Symbols icon and colours; the words carry the meaning alone."""

    words: str
    icon: str
    light: Colours
    dark: Colours


URGENCY: dict[Urgency, UrgencyLook] = {
    Urgency.EMERGENCY: UrgencyLook(
        later("Emergency: send to hospital now"),
        "emergency",
        Colours("#6b0010", "#ffe1e1"),
        Colours("#ffd0d0", "#4a0d12"),
    ),
    Urgency.SAME_DAY: UrgencyLook(
        later("Same day: to be seen by a doctor today"),
        "alarm",
        Colours("#7a2200", "#ffeadf"),
        Colours("#ffbf9e", "#3f1d0c"),
    ),
    Urgency.SUSPECTED_CANCER: UrgencyLook(
        later("Suspected cancer: refer on the urgent pathway"),
        "assignment_late",
        Colours("#8a1525", "#fceef0"),
        Colours("#ffb3b8", "#3b1a1f"),
    ),
    Urgency.ROUTINE_REFERRAL: UrgencyLook(
        later("Refer to dermatology, routine pathway"),
        "assignment",
        Colours("#713f00", "#fff4e2"),
        Colours("#ffcb8f", "#35250f"),
    ),
    Urgency.SEE_PERSON: UrgencyLook(
        later("Have a clinician look: the system does not decide this case"),
        "stethoscope",
        Colours("#542683", "#f5effb"),
        Colours("#dcbffa", "#2c1e3b"),
    ),
    Urgency.RETAKE_PHOTO: UrgencyLook(
        later("Take the photo again before judging"),
        "photo_camera",
        Colours("#36424f", "#edf1f5"),
        Colours("#cbd6e1", "#262e36"),
    ),
    Urgency.REVIEW_8_WEEKS: UrgencyLook(
        later("Photograph, and review in 8 weeks"),
        "event_repeat",
        Colours("#0a4a66", "#e8f4fa"),
        Colours("#a1d8f0", "#122a35"),
    ),
    Urgency.REASSURE: UrgencyLook(
        later("Reassure and safety-net: say what to come back for"),
        "check_circle",
        Colours("#1f5130", "#e9f6ec"),
        Colours("#a9dfb8", "#13301c"),
    ),
}

CONCEPT_WORDS = {
    VisualConcept.ULCERATION_CRUST: later("Ulceration or crust"),
    VisualConcept.HAIR: later("Hair"),
    VisualConcept.VESSELS: later("Vessels"),
    VisualConcept.ERYTHEMA: later("Redness"),
    VisualConcept.PIGMENT: later("Pigment"),
    VisualConcept.GEL: later("Gel or fluid"),
    VisualConcept.INK: later("Ink"),
}
IMAGE_TYPES = {ImageType.CLINICAL: later("close-up"), ImageType.DERMOSCOPIC: later("dermoscopic photo")}

FIELDS: dict[str, str] = {
    "age": later("Age"),
    "sex": later("Sex"),
    "anatom_site": later("Body site"),
    "side": later("Side"),
    "high_risk_site": later("On or near eyelid, nose, ear or lip"),
    "acral_or_mucosal_site": later("On palm, sole, finger, toe, nail, mouth or genitals"),
    "skin_tone": later("Skin tone"),
    "fitzpatrick": later("Fitzpatrick type"),
    "diameter_mm": later("Largest diameter (mm)"),
    "duration_days": later("There for (days)"),
    "grew": later("Grew"),
    "changed": later("Changed in shape or colour"),
    "change_in_shape": later("Changed in shape"),
    "change_in_colour": later("Changed in colour"),
    "new_lesion": later("New"),
    "irregular_shape": later("Irregular shape"),
    "irregular_colour": later("Irregular colour"),
    "inflammation": later("Inflamed"),
    "oozing": later("Oozes"),
    "bleed": later("Bleeds"),
    "itch": later("Itches"),
    "hurt": later("Hurts"),
    "altered_sensation": later("Altered sensation"),
    "elevation": later("Raised"),
    "firm": later("Firm to the touch"),
    "crust": later("Crusted"),
    "ulceration": later("Ulcerated"),
    "rapid_growth": later("Grew within 8 weeks"),
    "nail_band": later("New dark band in a nail"),
    "immunosuppressed": later("Immunosuppressed"),
    "skin_cancer_history": later("Skin cancer before"),
    "melanoma_history": later("Melanoma before"),
    "family_melanoma": later("Melanoma in the family"),
    "cancer_history": later("Other cancer before"),
    "sunburn": later("Bad sunburns before"),
    "sunbeds": later("Has used sunbeds"),
    "many_naevi": later("Has many naevi"),
    "fever": later("Fever"),
    "unwell": later("Unwell: confused, faint, fast pulse or breathing"),
    "facial_swelling_or_breathing": later("Face, lips or tongue swell, or breathing is hard"),
    "non_blanching": later("Rash does not fade under a glass"),
    "new_drug": later("New medicine in the last 8 weeks"),
    "blisters": later("Blisters or skin that peels off"),
    "mucosal_lesions": later("Sores in mouth, eyes or genitals"),
    "widespread_rash": later("Widespread rash"),
    "erythroderma": later("Red over nearly all the body"),
    "spreading_redness": later("Redness that spreads"),
    "pain_out_of_proportion": later("Pain worse than it looks"),
    "swelling_beyond_redness": later("Swelling goes beyond the redness"),
    "eye_involved": later("Eye or its lids involved"),
    "dermoscopy_suggests_melanoma": later("Dermoscopy suggests melanoma"),
    "atypical_network": later("Atypical pigment network"),
    "blue_white_veil": later("Blue-white veil"),
    "atypical_vessels": later("Atypical vessels"),
    "irregular_streaks": later("Irregular streaks"),
    "irregular_dots": later("Irregular dots or globules"),
    "irregular_blotches": later("Irregular blotches"),
    "regression_structures": later("Regression structures"),
    "ugly_duckling": later("Unlike the patient's other moles"),
    "strong_concern": later("Strong concern over one feature"),
    "notes": later("Notes in your own words"),
}
"""Every field of ClinicalContext, as the form asks for it and the ledger names it."""

ROMAN = ("I", "II", "III", "IV", "V", "VI")


SITES = {
    AnatomSite.HEAD_NECK_FACE: later("head, neck or face"),
    AnatomSite.TRUNK: later("trunk"),
    AnatomSite.UPPER_EXTREMITY: later("upper extremity"),
    AnatomSite.LOWER_EXTREMITY: later("lower extremity"),
    AnatomSite.HAND: later("hand"),
    AnatomSite.FOOT: later("foot"),
    AnatomSite.GENITAL: later("genital"),
}
ANSWERS = (later("female"), later("male"), later("left"), later("right"))
"""Marked here for the catalogue: `vocabulary` names them as values."""
TO = later("{low} to {high}")


def diagnosis_words(diagnosis: Diagnosis) -> str:
    """Return a diagnosis by its name, as in the middle of a sentence."""
    return _(CONCEPTS[diagnosis].name).lower()


def photo_words(image_type: ImageType) -> str:
    """Return what a photo is called, as in the middle of a sentence."""
    return _(IMAGE_TYPES[image_type])


def field_words(field: str) -> str:
    """Return a notes field by its name, as in the middle of a sentence."""
    name = _(FIELDS[field])
    return name if name.startswith("Fitzpatrick") else name[0].lower() + name[1:]


def site_words(site: str) -> str:
    """Return a body site as words, "head, neck or face"."""
    return _(SITES[AnatomSite(site)])


def skin_tone_words(tone: int) -> str:
    """Return a MILK10k skin tone class as words, "0 (dark)"."""
    return {0: _("0 (dark)"), 5: _("5 (light)")}.get(tone, str(tone))


def level_words(field: str, level: str) -> str:
    """Return the level of a notes field as words."""
    if field == "anatom_site" and level in SITES:
        return site_words(level)
    if field == "skin_tone" and level.isdigit():
        return skin_tone_words(int(level))
    if field == "fitzpatrick" and level.isdigit():
        return ROMAN[int(level) - 1]
    return retold(level, [TO])


def recorded(context: ClinicalContext) -> tuple[str, ...]:
    """Return the names of the fields that the notes record, free text apart."""
    return tuple(name for name in FIELDS if name != "notes" and getattr(context, name) is not None)


def percent(probability: float) -> str:
    """Return a probability (0..1) as whole per cent; never "0 %" or "100 %", which would claim certainty."""
    return f"{_whole(probability)}{NO_BREAK}%"


def interval(estimate: Estimate) -> str:
    """Return a Monte Carlo interval in whole per cent, "41 to 78"; "<1" where both ends are."""
    low, high = _whole(estimate.low), _whole(estimate.high)
    return low if low == high else _(TO).format(low=low, high=high)


def _whole(probability: float) -> str:
    if probability < 0.005:
        return "<1"
    return ">99" if probability >= 0.995 else decimal(100 * probability, 0)


def signed(log_odds: float, digits: int = 2) -> str:
    """Return log-odds with its sign, "+1.73" or "−0.40"; what rounds to zero has none."""
    text = decimal(abs(log_odds), digits)
    if not any(digit in text for digit in "123456789"):
        return text
    return (MINUS if log_odds < 0 else "+") + text


def joined(names: tuple[str, ...] | list[str]) -> str:
    """Return names as a list in a sentence, "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return _("{names} and {last}").format(names=", ".join(names[:-1]), last=names[-1])
