"""What things are called on the page: urgency, photos, notes fields, numbers."""

from typing import NamedTuple

from derm_xai.records import ClinicalContext, Estimate
from derm_xai.vocabulary import ImageType, Urgency

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
        "Emergency: send to hospital now",
        "emergency",
        Colours("#6b0010", "#ffe1e1"),
        Colours("#ffd0d0", "#4a0d12"),
    ),
    Urgency.SAME_DAY: UrgencyLook(
        "Same day: to be seen by a doctor today",
        "alarm",
        Colours("#7a2200", "#ffeadf"),
        Colours("#ffbf9e", "#3f1d0c"),
    ),
    Urgency.SUSPECTED_CANCER: UrgencyLook(
        "Suspected cancer: refer on the urgent pathway",
        "assignment_late",
        Colours("#8a1525", "#fceef0"),
        Colours("#ffb3b8", "#3b1a1f"),
    ),
    Urgency.ROUTINE_REFERRAL: UrgencyLook(
        "Refer to dermatology, routine pathway",
        "assignment",
        Colours("#713f00", "#fff4e2"),
        Colours("#ffcb8f", "#35250f"),
    ),
    Urgency.SEE_PERSON: UrgencyLook(
        "Have a clinician look: the system does not decide this case",
        "stethoscope",
        Colours("#542683", "#f5effb"),
        Colours("#dcbffa", "#2c1e3b"),
    ),
    Urgency.RETAKE_PHOTO: UrgencyLook(
        "Take the photo again before judging",
        "photo_camera",
        Colours("#36424f", "#edf1f5"),
        Colours("#cbd6e1", "#262e36"),
    ),
    Urgency.REVIEW_8_WEEKS: UrgencyLook(
        "Photograph, and review in 8 weeks",
        "event_repeat",
        Colours("#0a4a66", "#e8f4fa"),
        Colours("#a1d8f0", "#122a35"),
    ),
    Urgency.REASSURE: UrgencyLook(
        "Reassure and safety-net: say what to come back for",
        "check_circle",
        Colours("#1f5130", "#e9f6ec"),
        Colours("#a9dfb8", "#13301c"),
    ),
}

IMAGE_TYPES = {ImageType.CLINICAL: "close-up", ImageType.DERMOSCOPIC: "dermoscopic photo"}

FIELDS: dict[str, str] = {
    "age": "Age",
    "sex": "Sex",
    "anatom_site": "Body site",
    "side": "Side",
    "high_risk_site": "On or near eyelid, nose, ear or lip",
    "acral_or_mucosal_site": "On palm, sole, finger, toe, nail, mouth or genitals",
    "skin_tone": "Skin tone",
    "fitzpatrick": "Fitzpatrick type",
    "diameter_mm": "Largest diameter (mm)",
    "duration_days": "There for (days)",
    "grew": "Grew",
    "changed": "Changed in shape or colour",
    "change_in_shape": "Changed in shape",
    "change_in_colour": "Changed in colour",
    "new_lesion": "New",
    "irregular_shape": "Irregular shape",
    "irregular_colour": "Irregular colour",
    "inflammation": "Inflamed",
    "oozing": "Oozes",
    "bleed": "Bleeds",
    "itch": "Itches",
    "hurt": "Hurts",
    "altered_sensation": "Altered sensation",
    "elevation": "Raised",
    "firm": "Firm to the touch",
    "crust": "Crusted",
    "ulceration": "Ulcerated",
    "rapid_growth": "Grew within 8 weeks",
    "nail_band": "New dark band in a nail",
    "immunosuppressed": "Immunosuppressed",
    "skin_cancer_history": "Skin cancer before",
    "melanoma_history": "Melanoma before",
    "family_melanoma": "Melanoma in the family",
    "cancer_history": "Other cancer before",
    "fever": "Fever",
    "unwell": "Unwell: confused, faint, fast pulse or breathing",
    "facial_swelling_or_breathing": "Face, lips or tongue swell, or breathing is hard",
    "non_blanching": "Rash does not fade under a glass",
    "new_drug": "New medicine in the last 8 weeks",
    "blisters": "Blisters or skin that peels off",
    "mucosal_lesions": "Sores in mouth, eyes or genitals",
    "widespread_rash": "Widespread rash",
    "erythroderma": "Red over nearly all the body",
    "spreading_redness": "Redness that spreads",
    "pain_out_of_proportion": "Pain worse than it looks",
    "swelling_beyond_redness": "Swelling goes beyond the redness",
    "eye_involved": "Eye or its lids involved",
    "dermoscopy_suggests_melanoma": "Dermoscopy suggests melanoma",
    "atypical_network": "Atypical pigment network",
    "blue_white_veil": "Blue-white veil",
    "atypical_vessels": "Atypical vessels",
    "irregular_streaks": "Irregular streaks",
    "irregular_dots": "Irregular dots or globules",
    "irregular_blotches": "Irregular blotches",
    "regression_structures": "Regression structures",
    "ugly_duckling": "Unlike the patient's other moles",
    "strong_concern": "Strong concern over one feature",
    "notes": "Notes in your own words",
}
"""Every field of ClinicalContext, as the form asks for it and the ledger names it."""

ROMAN = ("I", "II", "III", "IV", "V", "VI")


def site_words(site: str) -> str:
    """Return a body site as words, "head, neck or face"."""
    return "head, neck or face" if site == "head_neck_face" else site.replace("_", " ")


def skin_tone_words(tone: int) -> str:
    """Return a MILK10k skin tone class as words, "0 (dark)"."""
    return str(tone) + {0: " (dark)", 5: " (light)"}.get(tone, "")


def level_words(field: str, level: str) -> str:
    """Return the level of a notes field as words."""
    if field == "anatom_site":
        return site_words(level)
    if field == "skin_tone" and level.isdigit():
        return skin_tone_words(int(level))
    if field == "fitzpatrick" and level.isdigit():
        return ROMAN[int(level) - 1]
    return level


def recorded(context: ClinicalContext) -> tuple[str, ...]:
    """Return the names of the fields that the notes record, free text apart."""
    return tuple(name for name in FIELDS if name != "notes" and getattr(context, name) is not None)


def percent(probability: float) -> str:
    """Return a probability (0..1) as whole per cent; never "0 %" or "100 %", which would claim certainty."""
    return f"{_whole(probability)}{NO_BREAK}%"


def interval(estimate: Estimate) -> str:
    """Return a Monte Carlo interval in whole per cent, "41 to 78"; "<1" where both ends are."""
    low, high = _whole(estimate.low), _whole(estimate.high)
    return low if low == high else f"{low} to {high}"


def _whole(probability: float) -> str:
    if probability < 0.005:
        return "<1"
    return ">99" if probability >= 0.995 else f"{100 * probability:.0f}"


def signed(log_odds: float, digits: int = 2) -> str:
    """Return log-odds with its sign, "+1.73" or "−0.40"; what rounds to zero has none."""
    text = f"{abs(log_odds):.{digits}f}"
    if float(text) == 0:
        return text
    return (MINUS if log_odds < 0 else "+") + text


def joined(names: tuple[str, ...] | list[str]) -> str:
    """Return names as a list in a sentence, "a, b and c"."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
