"""Facts in, fired rules and an urgency out. The rules themselves are in rules.toml."""

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from derm_xai.classify.checkpoint import Thresholds
from derm_xai.records import ClinicalContext, Fact, PhotoRecord, Prediction, Reason, Record, TriageAdvice
from derm_xai.vocabulary import MALIGNANT, URGENT_MALIGNANT, Diagnosis, ImageType, Urgency

_LEADING = {Diagnosis.MEL: "model_melanoma", Diagnosis.SCCKA: "model_squamous", Diagnosis.BCC: "model_basal"}


class Item(Record):
    """Something a rule counts once, when any of its facts holds."""

    text: str
    points: int
    any: tuple[str, ...]


class Rule(Record):
    """A rule as it stands in rules.toml."""

    id: str
    urgency: Urgency
    needs: int
    text: str
    source: str
    grade: str
    items: tuple[Item, ...]


class RuleBook(Record):
    """All rules, and the next steps for each urgency."""

    rule: tuple[Rule, ...]
    next_steps: dict[Urgency, tuple[str, ...]]


@cache
def rule_book() -> RuleBook:
    """Return the rules of rules.toml."""
    return RuleBook.model_validate(tomllib.loads(files(__package__).joinpath("rules.toml").read_text(encoding="utf-8")))


def context_facts(context: ClinicalContext) -> frozenset[str]:
    """Return the facts that the notes state: fields that are true, and the sizes that rules ask for."""
    facts = {name for name in ClinicalContext.model_fields if getattr(context, name) is True}
    if context.diameter_mm is not None:
        facts |= {"diameter_7_mm"} if context.diameter_mm >= 7 else set()
        facts |= {"diameter_over_10_mm"} if context.diameter_mm > 10 else set()
    return frozenset(facts)


def model_facts(prediction: Prediction, image_types: Sequence[ImageType], thresholds: Thresholds) -> frozenset[str]:
    """Return the facts that the model states. A photo unlike its training photos gives none."""
    if prediction.novelty.flagged:
        return frozenset()
    leading = prediction.ranked[0].diagnosis
    facts = {_LEADING[leading]} if leading in _LEADING else set()
    if leading is Diagnosis.MEL and ImageType.DERMOSCOPIC in image_types:
        facts.add("model_melanoma_dermoscopic")
    if probability_of(prediction, URGENT_MALIGNANT) >= thresholds.referral:
        facts.add("model_referral")
    if prediction.malignancy.value >= thresholds.malignancy:
        facts.add("model_malignancy")
    return frozenset(facts)


def probability_of(prediction: Prediction, diagnoses: frozenset[Diagnosis]) -> float:
    """Return the summed probability of some diagnoses."""
    return sum(each.probability.value for each in prediction.differentials if each.diagnosis in diagnoses)


def fire(facts: frozenset[str]) -> tuple[Reason, ...]:
    """Return the rules that the facts fire, most urgent first; the rule of last resort only when no other does."""
    fired = [reason for rule in rule_book().rule if (reason := _reason(rule, facts)) is not None]
    asked = [reason for reason in fired if reason.facts] or fired
    return tuple(sorted(asked, key=lambda reason: -reason.urgency.rank))


def _reason(rule: Rule, facts: frozenset[str]) -> Reason | None:
    met = [(item, facts.intersection(item.any)) for item in rule.items if facts.intersection(item.any)]
    if sum(item.points for item, _ in met) < rule.needs:
        return None
    return Reason(
        rule_id=rule.id,
        urgency=rule.urgency,
        text=rule.text,
        source=rule.source,
        grade=rule.grade,
        facts=tuple(Fact(text=item.text, origin=_origin(held), points=item.points) for item, held in met),
    )


def _origin(facts: frozenset[str]) -> str:
    return "model" if all(fact.startswith("model_") for fact in facts) else "form"


def advise(
    prediction: Prediction,
    context: ClinicalContext,
    photos: Sequence[PhotoRecord],
    thresholds: Thresholds,
) -> TriageAdvice:
    """Return the most urgent of what the rules ask for and what abstaining or a conflict asks for."""
    stated = context_facts(context)
    reasons = fire(stated | model_facts(prediction, [photo.image_type for photo in photos], thresholds))
    retake = [f"{photo.image_type} photo: {why}" for photo in photos for why in photo.quality.reasons]
    doubts = _doubts(prediction, thresholds)
    conflicts = _conflicts(prediction, fire(stated), thresholds)
    asked = [reason.urgency for reason in reasons]
    asked += [Urgency.RETAKE_PHOTO] if retake else []
    asked += [Urgency.SEE_PERSON] if doubts or conflicts else []
    urgency = max(asked, key=lambda each: each.rank)
    return TriageAdvice(
        urgency=urgency,
        reasons=reasons,
        next_steps=rule_book().next_steps[urgency],
        abstained=bool(retake or doubts),
        abstained_because=(*retake, *doubts),
        conflicts=conflicts,
    )


def _doubts(prediction: Prediction, thresholds: Thresholds) -> tuple[str, ...]:
    doubts = []
    if prediction.novelty.flagged:
        doubts.append("The photo is unlike the photos that the model was trained on, so its probabilities are not used.")
    if prediction.doubts[thresholds.abstention.score] > thresholds.abstention.limit:
        doubts.append("The model is too uncertain between diagnoses to be relied on for this case.")
    return tuple(doubts)


def _conflicts(prediction: Prediction, from_form: tuple[Reason, ...], thresholds: Thresholds) -> tuple[str, ...]:
    conflicts = []
    calm = prediction.malignancy.value < thresholds.malignancy
    if calm and any(reason.urgency is Urgency.SUSPECTED_CANCER for reason in from_form):
        conflicts.append("The written rules ask for a suspected-cancer referral while the model is calm: the rule stands.")
    photo_alone = sum(each.probability_photo for each in prediction.differentials if each.diagnosis in MALIGNANT)
    if calm and photo_alone >= thresholds.malignancy:
        conflicts.append("From the photo alone the model would suspect a malignancy; the notes lower it. Have a person look.")
    return tuple(conflicts)
