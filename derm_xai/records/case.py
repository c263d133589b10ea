"""What goes in: photos of one lesion, and what the notes say."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from derm_xai.records.base import Record
from derm_xai.vocabulary import AnatomSite, ImageType, Sex, Side, VisualConcept


class ImageQuality(Record):
    """What was measured on the photo, and whether it can be judged. `reasons` say what to do about it."""

    ok: bool
    reasons: tuple[str, ...]
    sharpness: float
    brightness: float
    contrast: float


@dataclass(frozen=True, eq=False)
class LesionPhoto:
    """One upright photo. `pixels`: read-only uint8 [height, width, 3] RGB; nothing else of the file is kept."""

    pixels: NDArray[np.uint8]
    sha256: str
    image_type: ImageType
    quality: ImageQuality
    synthetic: bool


class Lesion(Record):
    """Where the network sees the lesion. `mask`: rows of "#" (lesion) and "." on a coarse grid over the whole photo.

    `share` of the photo that it covers, and `edge_share` of the photo's edge, both in 0..1.
    """

    mask: tuple[str, ...]
    share: float
    edge_share: float


class PhotoRecord(Record):
    """What is kept of a photo in an assessment: no pixels, no name. `concepts`: how far each is to be seen, 0..1."""

    sha256: str
    image_type: ImageType
    width: int
    height: int
    quality: ImageQuality
    concepts: dict[VisualConcept, float]
    lesion: Lesion
    synthetic: bool


class ClinicalContext(Record):
    """What the notes say. `None` is "not recorded", never "no". The model scores the fields of `notes.levels` alone.

    `skin_tone` is the MILK10k class, 0 (dark) to 5 (light); `fitzpatrick` is 1 to 6. `notes` is kept and not scored.
    """

    age: Annotated[int, Field(ge=0, le=120)] | None = None
    sex: Sex | None = None
    anatom_site: AnatomSite | None = None
    side: Side | None = None
    high_risk_site: bool | None = None
    acral_or_mucosal_site: bool | None = None
    skin_tone: Annotated[int, Field(ge=0, le=5)] | None = None
    fitzpatrick: Annotated[int, Field(ge=1, le=6)] | None = None
    diameter_mm: Annotated[float, Field(gt=0, le=500)] | None = None
    duration_days: Annotated[int, Field(ge=0, le=45_000)] | None = None
    grew: bool | None = None
    changed: bool | None = None
    change_in_shape: bool | None = None
    change_in_colour: bool | None = None
    new_lesion: bool | None = None
    irregular_shape: bool | None = None
    irregular_colour: bool | None = None
    inflammation: bool | None = None
    oozing: bool | None = None
    bleed: bool | None = None
    itch: bool | None = None
    hurt: bool | None = None
    altered_sensation: bool | None = None
    elevation: bool | None = None
    firm: bool | None = None
    crust: bool | None = None
    ulceration: bool | None = None
    rapid_growth: bool | None = None
    nail_band: bool | None = None
    immunosuppressed: bool | None = None
    skin_cancer_history: bool | None = None
    melanoma_history: bool | None = None
    family_melanoma: bool | None = None
    cancer_history: bool | None = None
    sunburn: bool | None = None
    sunbeds: bool | None = None
    many_naevi: bool | None = None
    fever: bool | None = None
    unwell: bool | None = None
    facial_swelling_or_breathing: bool | None = None
    non_blanching: bool | None = None
    new_drug: bool | None = None
    blisters: bool | None = None
    mucosal_lesions: bool | None = None
    widespread_rash: bool | None = None
    erythroderma: bool | None = None
    spreading_redness: bool | None = None
    pain_out_of_proportion: bool | None = None
    swelling_beyond_redness: bool | None = None
    eye_involved: bool | None = None
    dermoscopy_suggests_melanoma: bool | None = None
    atypical_network: bool | None = None
    blue_white_veil: bool | None = None
    atypical_vessels: bool | None = None
    irregular_streaks: bool | None = None
    irregular_dots: bool | None = None
    irregular_blotches: bool | None = None
    regression_structures: bool | None = None
    ugly_duckling: bool | None = None
    strong_concern: bool | None = None
    notes: str = Field(default="", max_length=20_000)
