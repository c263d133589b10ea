"""All that is said about one lesion, and what a reader said before."""

from datetime import datetime

from derm_xai.records.advice import TriageAdvice
from derm_xai.records.base import Record
from derm_xai.records.case import ClinicalContext, PhotoRecord
from derm_xai.records.ledger import ConceptMap, Contrast, GradCam, Ledger, NotesShap
from derm_xai.records.prediction import Prediction
from derm_xai.records.questions import NotesChange, Questions
from derm_xai.records.trust import Abcd, ReportCard
from derm_xai.vocabulary import DISCLAIMER, Diagnosis, Urgency


class Provenance(Record):
    """What made this assessment. The caller states the time, so that the same input gives the same bytes.

    `app_sha256`: over the program's code, rules and words.
    """

    app_version: str
    app_sha256: str
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
