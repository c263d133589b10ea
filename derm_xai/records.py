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
Source = Literal["prior", "image_type", "photo", "notes"]


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

    source: Source
    name: str
    level: str
    mean: Vector
    spread: Vector


class Regions(Record):
    """A map's positive and negative evidence inside and outside the lesion's outline; the four add up to the map's sum."""

    for_inside: float
    for_outside: float
    against_inside: float
    against_outside: float


class EvidenceMap(Record):
    """One photo's evidence, [diagnosis][row][column] in log-odds. Its cells add up to the photo's term in the ledger.

    `regions`: for each diagnosis, the same sum by sign and side of the outline.
    """

    image_type: ImageType
    mean: tuple[Map, ...]
    spread: tuple[Map, ...]
    regions: tuple[Regions, ...] = ()


class Ledger(Record):
    """Everything the score is made of. The terms' means add up to `score`, whose softmax is the probabilities."""

    terms: tuple[Term, ...]
    photos: tuple[EvidenceMap, ...]
    score: Vector
    spread: Vector


class ContrastTerm(Record):
    """One line of a contrast: log-odds for this diagnosis against that one, mean and spread over the Monte Carlo samples."""

    source: Source
    name: str
    level: str
    mean: float
    spread: float


class ContrastMap(Record):
    """One photo's cells [row][column] for this diagnosis against that one, and their sums by sign and side of the outline."""

    image_type: ImageType
    mean: Map
    spread: Map
    regions: Regions


class Contrast(Record):
    """The ledger of "this rather than that". The terms' means add up to `score`, the log of the ratio of the probabilities.

    `tipping`: the notes fields that move the two furthest apart, either way, strongest first.
    """

    this: Diagnosis
    that: Diagnosis
    terms: tuple[ContrastTerm, ...]
    photos: tuple[ContrastMap, ...]
    score: float
    spread: float
    tipping: tuple[str, ...]


class GradCam(Record):
    """Captum's Grad-CAM of one photo for one diagnosis, dropout off. `agreement`: Pearson's r with the ledger's cells."""

    image_type: ImageType
    diagnosis: Diagnosis
    cells: Map
    agreement: float


class ConceptMap(Record):
    """Where in one photo a concept is seen: cells [row][column] in 0..1. `photo`: its place; `value`: of the whole photo."""

    photo: int
    concept: VisualConcept
    value: float
    cells: Map


class NotesShap(Record):
    """SHAP values of one notes field for each diagnosis, against a patient of whom nothing is recorded."""

    field: str
    level: str
    values: Vector


class Range(Record):
    """The lowest and the highest value."""

    low: float
    high: float


class Question(Record):
    """A notes field that is not recorded: what its possible answers would make of the leading diagnosis and the malignancy.

    `could_lead`: the diagnoses that would lead instead with one of the answers.
    """

    field: str
    leading: Range
    malignancy: Range
    could_lead: tuple[Diagnosis, ...]


class Flip(Record):
    """The fewest recorded fields without which another diagnosis leads, and which one."""

    fields: tuple[str, ...]
    then: Diagnosis


class Questions(Record):
    """What to ask next, most telling first. `flip` is None where the notes do not decide which diagnosis leads."""

    ask: tuple[Question, ...]
    flip: Flip | None


class CardCheck(Record):
    """One line of a report card: a number, better when higher, and what it is held against.

    `grade`: 0 at `poor` or below, 1 at `good` or above, straight in between; it counts by `weight` in the card's score.
    `verdict`: in words. `source`: where the limits are from.
    """

    name: str
    number: float
    poor: float
    good: float
    grade: float
    weight: float
    verdict: str
    source: str


Reading = Literal["read this map", "read with care", "do not rely on this map"]


class ReportCard(Record):
    """Whether one photo's evidence map for the leading diagnosis can be trusted. `score` 0..1: the checks' weighted grade."""

    image_type: ImageType
    diagnosis: Diagnosis
    checks: tuple[CardCheck, ...]
    score: float
    overall: Reading


class CheckLimits(Record):
    """Where a check's grade begins to rise and where it is full, and what the check weighs in the whole card."""

    poor: float
    good: float
    weight: float


class CardLimits(Record):
    """What a report card is held against, from calibration cases: `care` and `read` are the least scores for these readings."""

    checks: dict[str, CheckLimits]
    care: float
    read: float
    source: str


class StressLine(Record):
    """One kind of small change: how many were tried, in how many the leading diagnosis changed, and to which."""

    change: str
    tried: int
    flipped: int
    instead: tuple[Diagnosis, ...]
    lowest: float


class StressTest(Record):
    """Whether the leading diagnosis holds under small changes to the photo. `lowest`: its least probability among them."""

    leading: Diagnosis
    lines: tuple[StressLine, ...]

    @property
    def flip_rate(self) -> float:
        """The share of all changes under which another diagnosis leads."""
        return sum(line.flipped for line in self.lines) / sum(line.tried for line in self.lines)


class Abcd(Record):
    """What one photo shows of the ABCD rule inside the lesion's outline; descriptive, never scored (`explain.abcd`).

    `folds`: the share of the outline that each of two folds lays on itself, 0..1. `compactness`: 1 for a circle, else more.
    `colour_shares`: of the six colours, in 0..1. `colour_variance`: in squared ΔE*ab. `diameter_share`: of the photo's width.
    `diameter_mm`: as stated by the clinician. `cut_off`: the outline reaches the photo's edge.
    """

    image_type: ImageType
    asymmetrical_axes: int
    folds: tuple[float, float]
    compactness: float
    colour_shares: dict[str, float]
    colours: tuple[str, ...]
    colour_variance: float
    diameter_share: float
    diameter_px: float
    diameter_mm: float | None
    cut_off: bool


class Answer(Record):
    """An answer to one field of the notes, as ClinicalContext holds it."""

    field: str
    value: bool | int | float | str


class NotesChange(Record):
    """Answers with which the urgency would be another one; everything else stays.

    `raises`: it would be more urgent. `always`: the rules ask for that on these answers alone, whatever the lesion.
    """

    answers: tuple[Answer, ...]
    urgency: Urgency
    raises: bool
    always: bool


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
    concept_maps: tuple[ConceptMap, ...] = ()
    contrasts: tuple[Contrast, ...] = ()
    report_cards: tuple[ReportCard, ...] = ()
    questions: Questions | None = None
    shapes: tuple[Abcd | None, ...] = ()
    changes: tuple[NotesChange, ...] = ()
    triage: TriageAdvice
    provenance: Provenance


class BlindAnswer(Record):
    """What a reader committed before the system's answer was shown, and when. `diagnosis`: None is "I cannot say"."""

    diagnosis: Diagnosis | None
    urgency: Urgency
    at: datetime
