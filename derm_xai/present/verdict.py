"""What to do and how far to trust it: reasons, doubts, checks and provenance as sentences."""

from typing import NamedTuple

from derm_xai.classify.checkpoint import Manifest, Thresholds
from derm_xai.classify.predict import photo_set
from derm_xai.present.reasons import ReasonRow, lesser_rules, reason_rows
from derm_xai.present.words import IMAGE_TYPES, NO_BREAK, interval, joined, percent
from derm_xai.records import Assessment, PhotoRecord, Prediction
from derm_xai.vocabulary import CONCEPTS, DIAGNOSES, Urgency

NO_DIAGNOSIS = (
    "No diagnosis is suggested: the photo is unlike the photos of skin lesions that the model knows. If it does show a lesion, "
    "take it again, close and sharp, with the whole lesion in view."
)
"""What stands in place of the differentials where the photo is flagged as novel: no photo of anything gets a disease."""


class Part(NamedTuple):
    """A part of the answer to "how urgent": a word that says how it bears on it, sentences, and rules."""

    tag: str
    lines: tuple[str, ...]
    rules: tuple[ReasonRow, ...] = ()
    note: str = ""


class Check(NamedTuple):
    """A question on how far to trust a result, the finding in words, and whether it gives cause for care."""

    question: str
    finding: str
    care: bool


def urgency_parts(assessment: Assessment) -> tuple[Part, ...]:
    """Return why it is this urgent, what speaks against relying on it, and what comes next, in the order to read them.

    Where the system abstains or meets a conflict, that is the reason; rules that ask for more come before it.
    """
    triage = assessment.triage
    doubts = (*triage.abstained_because, *triage.conflicts)
    rules = Part("because", (malignancy_sentence(assessment),), reason_rows(assessment), lesser_rules(assessment))
    following = Part("next", triage.next_steps)
    if triage.urgency.rank >= Urgency.SAME_DAY.rank:
        # an emergency comes above and before anything that the model says
        model = Part("model", (malignancy_sentence(assessment), *doubts))
        return rules._replace(lines=()), following, model
    if triage.not_reassured_because:
        return rules, Part("note", triage.not_reassured_because), following
    if doubts and triage.urgency in (Urgency.RETAKE_PHOTO, Urgency.SEE_PERSON):
        return Part("because", doubts), rules._replace(tag="also"), following
    return (rules, Part("but", doubts), following) if doubts else (rules, following)


def malignancy_sentence(assessment: Assessment) -> str:
    """Return the probability of any malignancy with its interval; that it is not used where the photo is too strange."""
    if assessment.prediction.novelty.flagged:
        return "Chance of a malignancy: not used, since the photo is unlike the training photos."
    estimate = assessment.prediction.malignancy
    return f"Chance of a malignancy of any kind: {percent(estimate.value)} ({interval(estimate)})."


def checks(assessment: Assessment, thresholds: Thresholds) -> tuple[Check, ...]:
    """Return the answers to "can I trust this": the prediction set, certainty, novelty, and each photo's quality."""
    prediction = assessment.prediction
    novelty = prediction.novelty
    doubt, limit = thresholds.abstention.score, thresholds.abstention.limit
    return (
        Check("Which diagnoses stay possible?", *_set_words(assessment, thresholds)),
        Check(
            "How sure is the model?",
            f"{doubt.capitalize()}: {prediction.doubts[doubt]:.2f}; it abstains above {limit:.2f}. Of the scores "
            f"tried, this one told wrong answers best. {_other_doubts(prediction, doubt)}",
            care=prediction.doubts[doubt] > limit,
        ),
        Check(
            "Has it seen photos like this?",
            f"Distance to the training photos {novelty.score:.2f}, limit {novelty.limit:.2f}: {_likeness(assessment)}.",
            care=novelty.flagged,
        ),
        *(
            Check(
                f"Is the {IMAGE_TYPES[photo.image_type]} good enough?",
                "Yes: sharp, lit and with contrast." if photo.quality.ok else " ".join(photo.quality.reasons),
                care=not photo.quality.ok,
            )
            for photo in assessment.photos
        ),
    )


def _likeness(assessment: Assessment) -> str:
    if any(photo.synthetic for photo in assessment.photos):
        return "not judged, since the photo is a drawn example"
    return "not like them" if assessment.prediction.novelty.flagged else "like them"


def _other_doubts(prediction: Prediction, chosen: str) -> str:
    others = ", ".join(f"{name} {value:.2f}" for name, value in prediction.doubts.items() if name != chosen)
    return f"The others: {others}."


def _set_words(assessment: Assessment, thresholds: Thresholds) -> tuple[str, bool]:
    """Return the prediction set in words, and whether it is too wide to narrow anything down."""
    if assessment.prediction.novelty.flagged:
        return "Not said of a photo that is unlike the training photos.", True
    names = {diagnosis: CONCEPTS[diagnosis].name.lower() for diagnosis in assessment.prediction.prediction_set}
    limits = thresholds.prediction_sets[photo_set([photo.image_type for photo in assessment.photos])]["0.95"]
    always = [name for diagnosis, name in names.items() if limits[diagnosis] <= 0]
    chosen = [name for name in names.values() if name not in always]
    words = f"Conformal prediction set, 95 %: {joined(chosen) or 'none that could be calibrated'}."
    if always:
        words += f" Too rare in the calibration cases to be ruled out: {joined(always)}."
    return words, len(chosen) > len(DIAGNOSES) // 2


def about_rows(assessment: Assessment, manifest: Manifest) -> tuple[tuple[str, str], ...]:
    """Return who, what, when and how of a result, as pairs of a name and a value."""
    provenance = assessment.provenance
    when = provenance.assessed_at
    return (
        ("Assessed at", when.strftime(f"%d %B %Y, %H:%M:%S{NO_BREAK}%Z").strip() if when else "not stated"),
        ("Photos", "; ".join(map(_photo_words, assessment.photos))),
        ("Photo SHA-256", "; ".join(photo.sha256[:16] for photo in assessment.photos)),
        ("Model", f"{provenance.model_id}, {manifest.architecture}"),
        ("Weights SHA-256", provenance.weights_sha256[:16]),
        ("Trained on", "; ".join(f"{data.name} ({data.licence}, {data.train:,} cases)" for data in manifest.data)),
        ("Pathway", assessment.triage.pathway or "not stated"),
        ("Monte Carlo samples", f"{provenance.samples}, seed {provenance.seed}"),
        ("Settings SHA-256", provenance.settings_sha256[:16]),
        ("Program", f"derm-xai {provenance.app_version}"),
    )


def _photo_words(photo: PhotoRecord) -> str:
    origin = "SYNTHETIC, drawn by code" if photo.synthetic else "uploaded"
    return f"{IMAGE_TYPES[photo.image_type]}, {photo.width} × {photo.height} px, {origin}"


LIMITS = (
    "It knows 11 groups of diagnoses; anything else is forced into one of them.",
    "Every diagnosis is taken as equally likely beforehand. Most clinics see more benign lesions, so real chances differ.",
    "Few training photos show dark skin; expect more errors there.",
    "Intervals show the spread over Monte Carlo dropout. They do not cover errors that all samples share.",
    "It has not been tested in clinical use.",
)
