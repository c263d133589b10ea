"""Predictions and photos made by hand."""

from derm_xai.classify.checkpoint import Abstention, Thresholds
from derm_xai.records import (
    ClinicalContext,
    Differential,
    Estimate,
    ImageQuality,
    Lesion,
    Novelty,
    PhotoRecord,
    Prediction,
    TriageAdvice,
    View,
)
from derm_xai.triage.advise import advise
from derm_xai.triage.engine import fire, rule_book
from derm_xai.triage.facts import context_facts
from derm_xai.vocabulary import DIAGNOSES, MALIGNANT, Diagnosis, ImageType

THRESHOLDS = Thresholds(
    malignancy=0.3,
    melanoma=0.1,
    referral=0.2,
    abstention=Abstention(score="predictive entropy", limit=2.0),
    novelty=1.5,
    prediction_sets={},
    class_mix={},
    quality={"lesion_share": 0, "edge_share": 1, "concepts": {}},
)
SHARP = ImageQuality(ok=True, reasons=(), sharpness=100, brightness=120, contrast=30)
BLURRED = ImageQuality(ok=False, reasons=("The photo is blurred: take it again.",), sharpness=1, brightness=120, contrast=30)
FLAGS = sorted(name for name, field in ClinicalContext.model_fields.items() if field.annotation == bool | None)
CALM = ClinicalContext(skin_tone=3, grew=False, changed=False, bleed=False)
"""With a naevus on a good photo, nothing speaks against reassuring."""


def predicted(
    leading: Diagnosis = Diagnosis.NV,
    probability: float = 0.9,
    *,
    entropy: float = 0.5,
    novel: bool = False,
    photo: Diagnosis | None = None,
    notes: Diagnosis | None = None,
    held: tuple[Diagnosis, ...] = (),
    views: tuple[Diagnosis, ...] = (),
) -> Prediction:
    def share(diagnosis: Diagnosis, of: Diagnosis) -> float:
        # what the leading diagnosis leaves goes to the naevus, or from the naevus to the keratosis
        rest = Diagnosis.BKL if of is Diagnosis.NV else Diagnosis.NV
        return {of: probability, rest: 1 - probability}.get(diagnosis, 0.0)

    return Prediction(
        differentials=tuple(
            Differential(
                diagnosis=each,
                probability=Estimate(value=share(each, leading), low=0, high=1),
                probability_photo=share(each, photo or leading),
                probability_notes=share(each, notes) if notes else 1 / 11,
            )
            for each in DIAGNOSES
        ),
        malignancy=Estimate(value=probability if leading in MALIGNANT else 0.0, low=0, high=1),
        samples=(),
        doubts={"predictive entropy": entropy, "mutual information": 0.1},
        prediction_sets={"0.90": (leading,), "0.95": (leading, *held)},
        novelty=Novelty(score=2.0 if novel else 1.0, limit=1.5, flagged=novel),
        views=tuple(
            View(image_type=image_type, leading=each, malignancy=0.5)
            for image_type, each in zip(ImageType, views, strict=False)
        ),
        model_id="toy",
    )


def photographed(image_type: ImageType = ImageType.CLINICAL, quality: ImageQuality = SHARP) -> PhotoRecord:
    seen = Lesion(mask=("#",), share=1, edge_share=1)
    return PhotoRecord(
        sha256="ab", image_type=image_type, width=9, height=9, quality=quality, concepts={}, lesion=seen, synthetic=False
    )


def advice(
    leading=Diagnosis.NV, context=None, image_type=ImageType.CLINICAL, quality=SHARP, thresholds=THRESHOLDS, **how
) -> TriageAdvice:
    given = {name: how.pop(name) for name in ("from_note", "pathway") if name in how}
    return advise(
        predicted(leading, **how), context or ClinicalContext(), [photographed(image_type, quality)], thresholds, **given
    )


def facts(**answers):
    return context_facts(ClinicalContext(**answers), rule_book().measures)


def fired(**answers) -> set[str]:
    return ids(fire(facts(**answers)))


def ids(reasons) -> set[str]:
    return {reason.rule_id for reason in reasons}
