"""The frozen records that pass between the rooms; each can be written as JSON and read back.

Arrays with one entry for each diagnosis follow `vocabulary.DIAGNOSES`. Scores, evidence and terms are log-odds
after temperature; probabilities lie in 0..1.
"""

from derm_xai.records.advice import Fact, Feature, LookAlike, Reason, TriageAdvice
from derm_xai.records.assessment import Assessment, BlindAnswer, Provenance
from derm_xai.records.base import Map, Record, Source, Vector
from derm_xai.records.case import ClinicalContext, ImageQuality, Lesion, LesionPhoto, PhotoRecord
from derm_xai.records.ledger import (
    ConceptMap,
    Contrast,
    ContrastMap,
    ContrastTerm,
    EvidenceMap,
    GradCam,
    Ledger,
    NotesShap,
    Regions,
    Term,
)
from derm_xai.records.prediction import Differential, Estimate, Novelty, Prediction, View
from derm_xai.records.questions import Answer, Flip, NotesChange, Question, Questions, Range
from derm_xai.records.trust import Abcd, CardCheck, CardLimits, CheckLimits, Reading, ReportCard, StressLine, StressTest

__all__ = [
    "Abcd",
    "Answer",
    "Assessment",
    "BlindAnswer",
    "CardCheck",
    "CardLimits",
    "CheckLimits",
    "ClinicalContext",
    "ConceptMap",
    "Contrast",
    "ContrastMap",
    "ContrastTerm",
    "Differential",
    "Estimate",
    "EvidenceMap",
    "Fact",
    "Feature",
    "Flip",
    "GradCam",
    "ImageQuality",
    "Ledger",
    "Lesion",
    "LesionPhoto",
    "LookAlike",
    "Map",
    "NotesChange",
    "NotesShap",
    "Novelty",
    "PhotoRecord",
    "Prediction",
    "Provenance",
    "Question",
    "Questions",
    "Range",
    "Reading",
    "Reason",
    "Record",
    "Regions",
    "ReportCard",
    "Source",
    "StressLine",
    "StressTest",
    "Term",
    "TriageAdvice",
    "Vector",
    "View",
]
