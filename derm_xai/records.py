"""The frozen records that pass between the rooms; each can be written as JSON and read back.

Arrays with one entry for each diagnosis follow `vocabulary.DIAGNOSES`. Scores, evidence and terms are log-odds
after temperature; probabilities lie in 0..1.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from derm_xai.vocabulary import DISCLAIMER, AnatomSite, Diagnosis, ImageType, Sex, Side, Urgency, VisualConcept

Vector = tuple[float, ...]
Map = tuple[tuple[float, ...], ...]


class Record(BaseModel):
    """A frozen record; an unknown key is an error. In JSON, "NaN" stands for a figure that is not defined."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")


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


class Estimate(Record):
    """A probability from the ledger's score, with its Monte Carlo interval (5th to 95th percentile of the samples)."""

    value: float
    low: float
    high: float


class Differential(Record):
    """One diagnosis: all evidence together, then the photos' and the notes' voices alone."""

    diagnosis: Diagnosis
    probability: Estimate
    probability_photo: float
    probability_notes: float


class Novelty(Record):
    """How far a photo lies from the training photos: a distance, this model's limit, and whether it is passed."""

    score: float
    limit: float
    flagged: bool


class View(Record):
    """What the photos of one type say alone, at their own temperature: the leading diagnosis, and any malignancy, 0..1."""

    image_type: ImageType
    leading: Diagnosis
    malignancy: float


class Prediction(Record):
    """What the model says. `differentials` in ISIC order. `samples`: probabilities, a row for each Monte Carlo sample.

    `doubts`: every score of `classify.doubt`. `prediction_sets`: by their coverage, "0.90" and "0.95". `views`: each type of
    photo alone, where there is more than one.
    """

    differentials: tuple[Differential, ...]
    malignancy: Estimate
    samples: Map
    doubts: dict[str, float]
    prediction_sets: dict[str, tuple[Diagnosis, ...]]
    novelty: Novelty
    views: tuple[View, ...] = ()
    model_id: str

    @property
    def prediction_set(self) -> tuple[Diagnosis, ...]:
        """The set that holds the true diagnosis in 95 % of the cases of each diagnosis."""
        return self.prediction_sets["0.95"]

    @property
    def ranked(self) -> tuple[Differential, ...]:
        """The differentials, most probable first."""
        return tuple(sorted(self.differentials, key=lambda differential: -differential.probability.value))


class Term(Record):
    """One line of the ledger: log-odds for each diagnosis, mean and standard deviation over the Monte Carlo samples."""

    source: Literal["prior", "image_type", "photo", "notes"]
    name: str
    level: str
    mean: Vector
    spread: Vector


class EvidenceMap(Record):
    """One photo's evidence, [diagnosis][row][column] in log-odds. Its cells add up to the photo's term in the ledger."""

    image_type: ImageType
    mean: tuple[Map, ...]
    spread: tuple[Map, ...]


class Ledger(Record):
    """Everything the score is made of. The terms' means add up to `score`, whose softmax is the probabilities."""

    terms: tuple[Term, ...]
    photos: tuple[EvidenceMap, ...]
    score: Vector
    spread: Vector


class GradCam(Record):
    """Captum's Grad-CAM of one photo for one diagnosis, dropout off. `agreement`: Pearson's r with the ledger's cells."""

    image_type: ImageType
    diagnosis: Diagnosis
    cells: Map
    agreement: float


class NotesShap(Record):
    """SHAP values of one notes field for each diagnosis, against a patient of whom nothing is recorded."""

    field: str
    level: str
    values: Vector


class Fact(Record):
    """Something a rule counted, its points where the rule has points, and where it came from.

    `words`: what the note says, where it was read there.
    """

    text: str
    origin: Literal["form", "note", "model"]
    words: str = ""
    points: int | None = None


class Reason(Record):
    """A rule that fired: its id in the rule file, what it asks for, its source and grade, and the facts that fired it."""

    rule_id: str
    urgency: Urgency
    text: str
    source: str
    grade: str
    facts: tuple[Fact, ...]


class Feature(Record):
    """What tells a diagnosis from a look-alike: which of the two it speaks for, and whether this patient has it."""

    text: str
    speaks_for: Literal["diagnosis", "look_alike"]
    status: Literal["present", "absent", "not recorded"]


class LookAlike(Record):
    """A condition for which a diagnosis is mistaken, or the other way round."""

    diagnosis: Diagnosis
    name: str
    features: tuple[Feature, ...]
    source: str


class TriageAdvice(Record):
    """What to do next and why. `abstained_because` and `conflicts` are sentences; either sends the case to a person.

    `not_reassured_because`: why a case that no rule and no doubt raised is reviewed all the same. `pathway`: with its sources.
    """

    urgency: Urgency
    reasons: tuple[Reason, ...]
    next_steps: tuple[str, ...]
    abstained: bool
    abstained_because: tuple[str, ...]
    conflicts: tuple[str, ...]
    not_reassured_because: tuple[str, ...] = ()
    look_alikes: tuple[LookAlike, ...] = ()
    pathway: str = ""


class Provenance(Record):
    """What made this assessment. The caller states the time, so that the same input gives the same bytes."""

    app_version: str
    model_id: str
    weights_sha256: str
    settings_sha256: str
    seed: int
    samples: int
    assessed_at: datetime | None


class Assessment(Record):
    """All that is said about one lesion."""

    disclaimer: str = DISCLAIMER
    photos: tuple[PhotoRecord, ...]
    context: ClinicalContext
    prediction: Prediction
    ledger: Ledger
    grad_cams: tuple[GradCam, ...]
    notes_shap: tuple[NotesShap, ...]
    triage: TriageAdvice
    provenance: Provenance
