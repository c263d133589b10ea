"""What to do and how far to trust it: reasons, doubts, checks and provenance as sentences."""

from typing import NamedTuple

from derm_xai.classify.checkpoint import Manifest, Thresholds, TrainingData
from derm_xai.classify.predict import photo_set
from derm_xai.language import _, decimal, later, moment
from derm_xai.present.reasons import ReasonRow, lesser_rules, reason_rows
from derm_xai.present.said import advice_words, all_advice
from derm_xai.present.words import NO_BREAK, diagnosis_words, interval, joined, percent, photo_words
from derm_xai.records import Assessment, ClinicalContext, PhotoRecord, Prediction
from derm_xai.triage.reassurance import TESTED_FITZPATRICK, TESTED_SKIN_TONES
from derm_xai.vocabulary import DIAGNOSES, AnatomSite, Urgency

ADULT = 18

NO_DIAGNOSIS = later(
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
    doubts = all_advice((*triage.abstained_because, *triage.conflicts))
    rules = Part(_("because"), (malignancy_sentence(assessment),), reason_rows(assessment), lesser_rules(assessment))
    following = Part(_("next"), all_advice(triage.next_steps))
    if triage.urgency.rank >= Urgency.SAME_DAY.rank:
        # an emergency comes above and before anything that the model says
        model = Part(_("model"), (malignancy_sentence(assessment), *doubts))
        return rules._replace(lines=()), following, model
    if triage.not_reassured_because:
        return rules, Part(_("note"), all_advice(triage.not_reassured_because)), following
    if doubts and triage.urgency in (Urgency.RETAKE_PHOTO, Urgency.SEE_PERSON):
        return Part(_("because"), doubts), rules._replace(tag=_("also")), following
    return (rules, Part(_("but"), doubts), following) if doubts else (rules, following)


def malignancy_sentence(assessment: Assessment) -> str:
    """Return the probability of any malignancy with its interval; that it is not used where the photo is too strange."""
    if assessment.prediction.novelty.flagged:
        return _("Chance of a malignancy: not used, since the photo is unlike the training photos.")
    estimate = assessment.prediction.malignancy
    return _("Chance of a malignancy of any kind: {chance} ({interval}).").format(
        chance=percent(estimate.value), interval=interval(estimate)
    )


def checks(assessment: Assessment, thresholds: Thresholds) -> tuple[Check, ...]:
    """Return the answers to "can I trust this": the prediction set, certainty, novelty, and each photo's quality."""
    prediction = assessment.prediction
    novelty = prediction.novelty
    doubt, limit = thresholds.abstention.score, thresholds.abstention.limit
    return (
        Check(_("Which diagnoses stay possible?"), *_set_words(assessment, thresholds)),
        Check(
            _("How sure is the model?"),
            _(
                "{doubt}: {value}; it abstains above {limit}. Of the scores tried, this one told wrong answers best. "
                "The others: {others}."
            ).format(
                doubt=_(doubt).capitalize(),
                value=decimal(prediction.doubts[doubt], 2),
                limit=decimal(limit, 2),
                others=_other_doubts(prediction, doubt),
            ),
            care=prediction.doubts[doubt] > limit,
        ),
        Check(
            _("Has it seen photos like this?"),
            _("Distance to the training photos {score}, limit {limit}: {likeness}.").format(
                score=decimal(novelty.score, 2), limit=decimal(novelty.limit, 2), likeness=_likeness(assessment)
            ),
            care=novelty.flagged,
        ),
        *patient_checks(assessment.context),
        *map(_quality, assessment.photos),
    )


def patient_checks(context: ClinicalContext) -> tuple[Check, ...]:
    """Return what was hardly learnt or tested of patients and sites like this one; nothing where that is not so."""
    tone, skin_type = context.skin_tone, context.fitzpatrick
    apart = context.acral_or_mucosal_site or context.nail_band or context.anatom_site is AnatomSite.GENITAL
    untested_type = skin_type not in (None, *TESTED_FITZPATRICK)
    found = (
        *([_("Few of its cases are children's.")] if context.age is not None and context.age < ADULT else []),
        *([] if tone in (None, *TESTED_SKIN_TONES) else [_("It was tested on fewer than 30 cases of this skin tone.")]),
        *([_("It was tested on fewer than 30 cases of this Fitzpatrick type.")] if untested_type else []),
        *([_("Nails and mucous membranes are not in its training data, genital skin hardly is.")] if apart else []),
    )
    return (Check(_("Was it tested on patients like this?"), " ".join(found), care=True),) if found else ()


def _quality(photo: PhotoRecord) -> Check:
    quality = photo.quality
    return Check(
        _("Is the {photo} good enough?").format(photo=photo_words(photo.image_type)),
        _("Yes: sharp, lit and with contrast.") if quality.ok else " ".join(map(_, quality.reasons)),
        care=not quality.ok,
    )


def _likeness(assessment: Assessment) -> str:
    if any(photo.synthetic for photo in assessment.photos):
        return _("not judged, since the photo is a drawn example")
    return _("not like them") if assessment.prediction.novelty.flagged else _("like them")


def _other_doubts(prediction: Prediction, chosen: str) -> str:
    return ", ".join(f"{_(name)} {decimal(value, 2)}" for name, value in prediction.doubts.items() if name != chosen)


def _set_words(assessment: Assessment, thresholds: Thresholds) -> tuple[str, bool]:
    """Return the prediction set in words, and whether it is too wide to narrow anything down."""
    if assessment.prediction.novelty.flagged:
        return _("Not said of a photo that is unlike the training photos."), True
    names = {diagnosis: diagnosis_words(diagnosis) for diagnosis in assessment.prediction.prediction_set}
    limits = thresholds.prediction_sets[photo_set([photo.image_type for photo in assessment.photos])]["0.95"]
    always = [name for diagnosis, name in names.items() if limits[diagnosis] <= 0]
    chosen = [name for name in names.values() if name not in always]
    words = _("Conformal prediction set, 95 %: {names}.").format(names=joined(chosen) or _("none that could be calibrated"))
    if always:
        rare = _("Too rare in the calibration cases to be ruled out: {names}.")
        words = f"{words} {rare.format(names=joined(always))}"
    return words, len(chosen) > len(DIAGNOSES) // 2


def about_rows(assessment: Assessment, manifest: Manifest) -> tuple[tuple[str, str], ...]:
    """Return who, what, when and how of a result, as pairs of a name and a value."""
    provenance = assessment.provenance
    when = provenance.assessed_at
    return (
        (_("Assessed at"), f"{moment(when)}{NO_BREAK}{when:%Z}".strip() if when else _("not stated")),
        (_("Photos"), "; ".join(map(_photo_words, assessment.photos))),
        (_("Photo SHA-256"), "; ".join(photo.sha256[:16] for photo in assessment.photos)),
        (_("Model"), f"{provenance.model_id}, {manifest.architecture}"),
        (_("Weights SHA-256"), provenance.weights_sha256[:16]),
        (_("Trained on"), "; ".join(map(_data_words, manifest.data))),
        (_("Pathway"), advice_words(assessment.triage.pathway) or _("not stated")),
        (_("Monte Carlo samples"), _("{count}, seed {seed}").format(count=provenance.samples, seed=provenance.seed)),
        (_("Settings SHA-256"), provenance.settings_sha256[:16]),
        (_("Program"), f"derm-xai {provenance.app_version}"),
        (_("Program SHA-256"), provenance.app_sha256[:16]),
    )


def _photo_words(photo: PhotoRecord) -> str:
    origin = _("SYNTHETIC, drawn by code") if photo.synthetic else _("uploaded")
    return f"{photo_words(photo.image_type)}, {photo.width} × {photo.height} px, {origin}"


def _data_words(data: TrainingData) -> str:
    cases = _("{name} ({licence}, {count} cases)")
    return cases.format(name=data.name, licence=data.licence, count=decimal(data.train, 0))


LIMITS = (
    later("It knows 11 groups of diagnoses; anything else is forced into one of them."),
    later(
        "Every diagnosis is taken as equally likely beforehand. Most clinics see more benign lesions, so real chances differ."
    ),
    later("Few training photos show dark skin; expect more errors there."),
    later("Children, nails, mucous membranes and rashes are hardly in its training data, or not at all."),
    later("Intervals show the spread over Monte Carlo dropout. They do not cover errors that all samples share."),
    later("It has not been tested in clinical use."),
)
