"""The advice: the most urgent of what the rules ask for and what abstaining or a conflict asks for, and what to do next."""

from collections.abc import Mapping, Sequence

from derm_xai.classify.checkpoint import Thresholds
from derm_xai.notes.prefill import Told
from derm_xai.records import ClinicalContext, PhotoRecord, Prediction, Reason, TriageAdvice
from derm_xai.triage.conflicts import conflicts_of
from derm_xai.triage.engine import fire, reason_of, rule_book
from derm_xai.triage.facts import NOTHING_READ, context_facts, denied_by_the_form, model_facts
from derm_xai.triage.look_alikes import look_alikes_of
from derm_xai.triage.reassurance import against_reassuring
from derm_xai.triage.sentences import FORM_AGAINST_NOTE, NOVEL, RETAKE, TOO_UNCERTAIN
from derm_xai.triage.steps import Pathway, next_steps, pathway_words
from derm_xai.vocabulary import Urgency


def advise(
    prediction: Prediction,
    context: ClinicalContext,
    photos: Sequence[PhotoRecord],
    thresholds: Thresholds,
    *,
    from_note: Mapping[str, Told] = NOTHING_READ,
    pathway: Pathway = "generic",
) -> TriageAdvice:
    """Return what to do next and why. `from_note`: what free text tells of a field, with its words.

    Rules on the notes fire whatever the photo is like: a novel or poor photo silences the model and no rule.
    """
    stated = context_facts(context, rule_book().measures, from_note)
    retake = tuple(RETAKE.format(image_type=photo.image_type, why=why) for photo in photos for why in photo.quality.reasons)
    seen = model_facts(prediction, [photo.image_type for photo in photos], thresholds, retake=bool(retake))
    reasons = fire(stated | seen)
    doubts = _doubts(prediction, thresholds)
    conflicts = (
        *([FORM_AGAINST_NOTE.en] if denied_by_the_form(context, from_note) else []),
        *conflicts_of(prediction, fire(stated), thresholds),
    )
    # what the model doubts in a poor photo it may not doubt in a good one, so the better photo comes before the person
    urgency = _most_urgent(reasons, retake=bool(retake), person=bool(doubts or conflicts) and not retake)
    against: tuple[str, ...] = ()
    if urgency is Urgency.REVIEW_8_WEEKS:
        against = against_reassuring(prediction, context, photos, stated, thresholds, abstained=bool(retake or doubts))
        if not against:
            urgency, reasons = Urgency.REASSURE, _reassurance()
    leading = None if prediction.novelty.flagged or retake else prediction.ranked[0].diagnosis
    return TriageAdvice(
        urgency=urgency,
        reasons=reasons,
        next_steps=next_steps(urgency, leading, pathway),
        abstained=bool(retake or doubts),
        abstained_because=(*retake, *doubts),
        conflicts=conflicts,
        not_reassured_because=against,
        look_alikes=() if prediction.novelty.flagged else look_alikes_of(prediction, context),
        pathway=pathway_words(pathway),
    )


def alarms(context: ClinicalContext, from_note: Mapping[str, Told] = NOTHING_READ) -> tuple[Reason, ...]:
    """Return the rules that the notes alone fire and that ask for today or now, most urgent first. They need no photo."""
    return tuple(reason for reason in rules_alone(context, from_note) if reason.urgency.rank >= Urgency.SAME_DAY.rank)


def rules_alone(context: ClinicalContext, from_note: Mapping[str, Told] = NOTHING_READ) -> tuple[Reason, ...]:
    """Return the rules that the notes alone fire, most urgent first."""
    return fire(context_facts(context, rule_book().measures, from_note))


def _most_urgent(reasons: Sequence[Reason], *, retake: bool, person: bool) -> Urgency:
    asked = [reason.urgency for reason in reasons]
    asked += [Urgency.RETAKE_PHOTO] if retake else []
    asked += [Urgency.SEE_PERSON] if person else []
    return max(asked, key=lambda each: each.rank)


def _reassurance() -> tuple[Reason, ...]:
    reason = reason_of(rule_book().reassurance, {})
    return (reason,) if reason else ()


def _doubts(prediction: Prediction, thresholds: Thresholds) -> tuple[str, ...]:
    uncertain = prediction.doubts[thresholds.abstention.score] > thresholds.abstention.limit
    return (*([NOVEL.en] if prediction.novelty.flagged else []), *([TOO_UNCERTAIN.en] if uncertain else []))
