"""One result made by hand: a close-up of two cells, and a melanoma score of 1.00 that can be added up in the head."""

from datetime import UTC, datetime

import pytest

from derm_xai.classify.checkpoint import Abstention, QualityLimits, Thresholds
from derm_xai.records import (
    Assessment,
    ClinicalContext,
    Differential,
    Estimate,
    EvidenceMap,
    Fact,
    GradCam,
    ImageQuality,
    Ledger,
    Lesion,
    NotesShap,
    Novelty,
    PhotoRecord,
    Prediction,
    Provenance,
    Reason,
    Term,
    TriageAdvice,
)
from derm_xai.vocabulary import DIAGNOSES, Diagnosis, ImageType, Urgency, VisualConcept

CELLS = ((0.5, -0.2),)


def vector(melanoma: float, rest: float = 0.0) -> tuple[float, ...]:
    return tuple(melanoma if diagnosis is Diagnosis.MEL else rest for diagnosis in DIAGNOSES)


def term(source: str, name: str, level: str, mean: float, spread: float = 0.0) -> Term:
    return Term(source=source, name=name, level=level, mean=vector(mean), spread=vector(spread))


def estimate(value: float) -> Estimate:
    return Estimate(value=value, low=value * 0.8, high=min(1.0, value * 1.2))


def ledger() -> Ledger:
    nothing = tuple(tuple(0.0 for _ in row) for row in CELLS)
    maps = tuple(CELLS if diagnosis is Diagnosis.MEL else nothing for diagnosis in DIAGNOSES)
    return Ledger(
        terms=(
            term("prior", "prior", "every diagnosis equally likely beforehand", 0.1),
            term("photo", "clinical", "all cells", 0.3, 0.08),
            term("image_type", "image type", "clinical", -0.05),
            term("notes", "age", "50 to 59", 0.25),
            term("notes", "sex", "not recorded", 0.0),
            term("notes", "grew", "yes", 0.4),
        ),
        photos=(EvidenceMap(image_type=ImageType.CLINICAL, mean=maps, spread=maps),),
        score=vector(1.0),
        spread=vector(0.08),
    )


def prediction() -> Prediction:
    chances = {Diagnosis.MEL: 0.62, Diagnosis.NV: 0.30, Diagnosis.BCC: 0.071}
    return Prediction(
        differentials=tuple(
            Differential(
                diagnosis=diagnosis,
                probability=estimate(chances.get(diagnosis, 0.001)),
                probability_photo=0.4,
                probability_notes=0.2,
            )
            for diagnosis in DIAGNOSES
        ),
        malignancy=estimate(0.7),
        samples=(vector(1.0),),
        doubts={"predictive entropy": 0.9, "mutual information": 0.05},
        prediction_sets={"0.90": (Diagnosis.MEL,), "0.95": (Diagnosis.MEL, Diagnosis.NV, Diagnosis.VASC)},
        novelty=Novelty(score=1.1, limit=2.0, flagged=False),
        model_id="toy",
    )


def reason(rule_id: str, urgency: Urgency, grade: str, *facts: Fact) -> Reason:
    return Reason(rule_id=rule_id, urgency=urgency, text=f"Text of {rule_id}.", source="A source", grade=grade, facts=facts)


def triage() -> TriageAdvice:
    grew = Fact(text="change in size", origin="form", points=2)
    oozes = Fact(text="oozing or bleeding", origin="form", points=1)
    model = Fact(text="the model's probability", origin="model", points=1, chance=0.651, limit=0.0204)
    return TriageAdvice(
        urgency=Urgency.SUSPECTED_CANCER,
        reasons=(
            reason("R1", Urgency.SUSPECTED_CANCER, "A", grew, oozes),
            reason("M1", Urgency.SUSPECTED_CANCER, "model", model),
            reason("M2", Urgency.ROUTINE_REFERRAL, "model", model),
        ),
        next_steps=("Refer.",),
        abstained=False,
        abstained_because=(),
        conflicts=(),
    )


@pytest.fixture
def assessment() -> Assessment:
    quality = ImageQuality(ok=True, reasons=(), sharpness=9.0, brightness=120.0, contrast=30.0)
    return Assessment(
        photos=(
            PhotoRecord(
                sha256="ab" * 32,
                image_type=ImageType.CLINICAL,
                width=640,
                height=480,
                quality=quality,
                concepts=dict.fromkeys(VisualConcept, 0.1),
                lesion=Lesion(mask=("....", ".##.", "...."), share=1 / 6, edge_share=0.0),
                synthetic=True,
            ),
        ),
        context=ClinicalContext(age=55, grew=True, irregular_shape=True, notes="Seen at a check-up."),
        prediction=prediction(),
        ledger=ledger(),
        grad_cams=(GradCam(image_type=ImageType.CLINICAL, diagnosis=Diagnosis.MEL, cells=CELLS, agreement=0.98),),
        notes_shap=(
            NotesShap(field="age", level="50 to 59", values=vector(0.25)),
            NotesShap(field="grew", level="yes", values=vector(0.4)),
        ),
        triage=triage(),
        provenance=Provenance(
            app_version="0.1.0",
            model_id="toy",
            weights_sha256="cd" * 32,
            settings_sha256="ef" * 32,
            app_sha256="12" * 32,
            seed=3,
            samples=5,
            assessed_at=datetime(2026, 11, 21, 22, 0, tzinfo=UTC),
        ),
    )


@pytest.fixture
def thresholds() -> Thresholds:
    rare = {Diagnosis.VASC: 0.0}
    kept = {diagnosis: rare.get(diagnosis, 0.1) for diagnosis in DIAGNOSES}
    never = dict.fromkeys(DIAGNOSES, 0.5)
    return Thresholds(
        malignancy=0.3,
        melanoma=0.1,
        referral=0.2,
        abstention=Abstention(score="predictive entropy", limit=1.5),
        novelty=2.0,
        class_mix={},
        prediction_sets={"clinical": {"0.90": never, "0.95": kept}, "dermoscopic": {"0.90": never, "0.95": never}},
        quality=QualityLimits(lesion_share=0.01, edge_share=0.5, concepts={}),
    )
