"""The words of the field, each written once: ISIC MILK10k names with their ICD-10 codes."""

from enum import StrEnum
from typing import NamedTuple

from derm_xai.language import later

DISCLAIMER = later("Research demonstrator, not a medical device, not for clinical use.")


class Diagnosis(StrEnum):
    """The 11 classes of the ISIC 2025 MILK10k challenge, in its order."""

    AKIEC = "AKIEC"
    BCC = "BCC"
    BEN_OTH = "BEN_OTH"
    BKL = "BKL"
    DF = "DF"
    INF = "INF"
    MAL_OTH = "MAL_OTH"
    MEL = "MEL"
    NV = "NV"
    SCCKA = "SCCKA"
    VASC = "VASC"


DIAGNOSES: tuple[Diagnosis, ...] = tuple(Diagnosis)
MALIGNANT = frozenset({Diagnosis.BCC, Diagnosis.MAL_OTH, Diagnosis.MEL, Diagnosis.SCCKA})
URGENT_MALIGNANT = MALIGNANT - {Diagnosis.BCC}
"""Malignancies for which NICE NG12 names the suspected-cancer pathway; BCC is referred routinely."""
NOT_TO_MISS = MALIGNANT | {Diagnosis.AKIEC}
"""The malignancies and their precursor: nobody is reassured while the prediction set holds one of them."""


def places(diagnoses: frozenset[Diagnosis]) -> list[int]:
    """Return where these diagnoses stand in DIAGNOSES, in its order, to pick their entries from an array."""
    return [index for index, diagnosis in enumerate(DIAGNOSES) if diagnosis in diagnoses]


class Concept(NamedTuple):
    """What a diagnosis is called, and its ICD-10 (WHO) code or codes."""

    name: str
    icd10: str


CONCEPTS: dict[Diagnosis, Concept] = {
    Diagnosis.AKIEC: Concept(later("Actinic keratosis or intraepidermal carcinoma"), "L57.0, D04"),
    Diagnosis.BCC: Concept(later("Basal cell carcinoma"), "C44"),
    Diagnosis.BEN_OTH: Concept(later("Other benign growth"), "D23"),
    Diagnosis.BKL: Concept(later("Benign keratosis"), "L82"),
    Diagnosis.DF: Concept(later("Dermatofibroma"), "D23"),
    Diagnosis.INF: Concept(later("Inflammatory or infectious condition"), "L98.9"),
    Diagnosis.MAL_OTH: Concept(later("Other malignant growth"), "C44"),
    Diagnosis.MEL: Concept(later("Melanoma"), "C43"),
    Diagnosis.NV: Concept(later("Melanocytic naevus"), "D22"),
    Diagnosis.SCCKA: Concept(later("Squamous cell carcinoma or keratoacanthoma"), "C44"),
    Diagnosis.VASC: Concept(later("Vascular lesion"), "D18.0"),
}


class VisualConcept(StrEnum):
    """What MILK10k's MONET scores say is to be seen in a photo (Kim et al., Nat. Med. 30, 2024)."""

    ULCERATION_CRUST = "ulceration_crust"
    HAIR = "hair"
    VESSELS = "vasculature_vessels"
    ERYTHEMA = "erythema"
    PIGMENT = "pigmented"
    GEL = "gel_water_drop_fluid_dermoscopy_liquid"
    INK = "skin_markings_pen_ink_purple_pen"


class ImageType(StrEnum):
    """How the photo was taken (DICOM: visible light photography, or dermoscopy)."""

    CLINICAL = "clinical"
    DERMOSCOPIC = "dermoscopic"


class Sex(StrEnum):
    """As recorded in the ISIC Archive."""

    FEMALE = "female"
    MALE = "male"


class Side(StrEnum):
    """The patient's own left or right."""

    LEFT = "left"
    RIGHT = "right"


class AnatomSite(StrEnum):
    """Body regions of MILK10k."""

    HEAD_NECK_FACE = "head_neck_face"
    TRUNK = "trunk"
    UPPER_EXTREMITY = "upper_extremity"
    LOWER_EXTREMITY = "lower_extremity"
    HAND = "hand"
    FOOT = "foot"
    GENITAL = "genital"


class Urgency(StrEnum):
    """What to do next, least urgent first; `rank` orders them.

    `RETAKE_PHOTO` and `SEE_PERSON` are what the system says when it abstains: they stand above a review and below a
    referral that a rule asked for. `REASSURE` is no discharge: the patient leaves knowing what to come back for.
    """

    REASSURE = "reassure"
    REVIEW_8_WEEKS = "review_8_weeks"
    RETAKE_PHOTO = "retake_photo"
    SEE_PERSON = "see_person"
    ROUTINE_REFERRAL = "routine_referral"
    SUSPECTED_CANCER = "suspected_cancer"
    SAME_DAY = "same_day"
    EMERGENCY = "emergency"

    @property
    def rank(self) -> int:
        """0 for the least urgent."""
        return list(Urgency).index(self)
