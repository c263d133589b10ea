"""The one verb: photos and context in, an Assessment out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import derm_xai
from derm_xai.classify.checkpoint import Model, QualityLimits
from derm_xai.classify.lesion import lesion
from derm_xai.classify.predict import Evidence, PhotoEvidence, collect, predict
from derm_xai.classify.retake import judged_quality
from derm_xai.counterfactual import notes_changes
from derm_xai.errors import PhotoError
from derm_xai.explain.abcd import abcd
from derm_xai.explain.concepts import concept_maps
from derm_xai.explain.contrast import contrasts
from derm_xai.explain.heatmap import grad_cams
from derm_xai.explain.ledger import ledger
from derm_xai.explain.notes_shap import notes_shap
from derm_xai.explain.progress import Progress, nobody
from derm_xai.explain.questions import questions
from derm_xai.explain.reportcard import report_cards
from derm_xai.language import later
from derm_xai.notes.prefill import Told
from derm_xai.program import digest
from derm_xai.records import (
    Assessment,
    ClinicalContext,
    LesionPhoto,
    PhotoRecord,
    Prediction,
    Provenance,
    TriageAdvice,
)
from derm_xai.settings import Settings
from derm_xai.triage.advise import advise
from derm_xai.triage.facts import NOTHING_READ
from derm_xai.vocabulary import VisualConcept

LEADING = 3
"""For how many leading differentials Grad-CAM is computed."""
RIVALS = 4
"""Against how many of the next diagnoses the leading one is held."""


@dataclass(frozen=True)
class Judgement:
    """An assessment without its explanations, for many cases."""

    evidence: Evidence
    prediction: Prediction
    photos: tuple[PhotoRecord, ...]
    triage: TriageAdvice


def judge(
    photos: Sequence[LesionPhoto],
    context: ClinicalContext,
    model: Model,
    settings: Settings,
    *,
    from_note: Mapping[str, Told] = NOTHING_READ,
) -> Judgement:
    """Return the evidence, what it adds up to, what is to be seen in the photos, and what to do.

    `from_note`: what free text tells of a field, with its words. Raises PhotoError when there is no photo.
    """
    if not photos:
        raise PhotoError(later("There is no photo to assess. Add a close-up, a dermoscopic photo, or both."))
    evidence = collect(photos, context, model, samples=settings.samples, seed=settings.seed)
    prediction = predict(evidence, model)
    limits = model.manifest.thresholds
    seen = tuple(_record(photo, found, limits.quality) for photo, found in zip(photos, evidence.photos, strict=True))
    advice = advise(prediction, context, seen, limits, from_note=from_note, pathway=settings.pathway)
    return Judgement(evidence, prediction, seen, advice)


def assess(
    photos: Sequence[LesionPhoto],
    context: ClinicalContext,
    model: Model,
    settings: Settings,
    *,
    from_note: Mapping[str, Told] = NOTHING_READ,
    at: datetime | None = None,
    progress: Progress = nobody,
) -> Assessment:
    """Return the assessment of one lesion from one or more photos of it.

    `progress` is called with what is being done and the share that is done, 0..1. The same photos, context, model, settings
    and `at` give the same bytes. Raises PhotoError when there is no photo.
    """
    progress(later("Collecting evidence from the photo and the notes"), 0.1)
    judged = judge(photos, context, model, settings, from_note=from_note)
    assessment = explain(judged, photos, context, model, settings, at=at, progress=progress)
    outlines = [found.outline for found in judged.evidence.photos]
    shapes = tuple(abcd(photo, outline, context.diameter_mm) for photo, outline in zip(photos, outlines, strict=True))
    changes = notes_changes(judged.evidence, context, judged.prediction, judged.photos, model, from_note=from_note)
    return assessment.model_copy(update={"shapes": shapes, "changes": changes})


def explain(
    judged: Judgement,
    photos: Sequence[LesionPhoto],
    context: ClinicalContext,
    model: Model,
    settings: Settings,
    *,
    at: datetime | None = None,
    progress: Progress = nobody,
) -> Assessment:
    """Return a judgement with what shows why, but the photos' ABCD criteria and the answers that would change the urgency."""
    evidence, prediction = judged.evidence, judged.prediction
    progress(later("Checking the evidence maps with Grad-CAM"), 0.6)
    leading = [differential.diagnosis for differential in prediction.ranked[:LEADING]]
    cams = grad_cams(evidence, model.network, leading)
    progress(later("Filling in the report card"), 0.7)
    cards = report_cards(evidence, photos, cams, model, settings.seed)
    progress(later("Checking the notes with SHAP"), 0.9)
    ranked = [differential.diagnosis for differential in prediction.ranked[: RIVALS + 1]]
    return Assessment(
        photos=judged.photos,
        context=context,
        prediction=prediction,
        ledger=ledger(evidence, context),
        grad_cams=cams,
        notes_shap=notes_shap(context, model.network, evidence.temperature),
        concept_maps=concept_maps(evidence, model.network),
        contrasts=contrasts(evidence, context, ranked),
        report_cards=cards,
        questions=questions(evidence, context, model.network),
        triage=judged.triage,
        provenance=provenance(model, settings, at),
    )


def provenance(model: Model, settings: Settings, at: datetime | None = None) -> Provenance:
    """Return what makes the assessments of a model under these settings, and when this one was made."""
    return Provenance(
        app_version=derm_xai.__version__,
        app_sha256=digest(),
        model_id=model.manifest.id,
        weights_sha256=model.manifest.weights_sha256,
        settings_sha256=settings.digest(),
        seed=settings.seed,
        samples=settings.samples,
        assessed_at=at,
    )


def _record(photo: LesionPhoto, found: PhotoEvidence, limits: QualityLimits) -> PhotoRecord:
    height, width = photo.pixels.shape[:2]
    concepts = dict(zip(VisualConcept, found.concepts.tolist(), strict=True))
    outlined = lesion(found.outline)
    return PhotoRecord(
        sha256=photo.sha256,
        image_type=photo.image_type,
        width=width,
        height=height,
        quality=judged_quality(photo.quality, concepts, outlined, limits),
        concepts=concepts,
        lesion=outlined,
        synthetic=photo.synthetic,
    )
