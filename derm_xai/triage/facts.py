"""What is known, as facts that rules count: from the form, from the words of the notes, or from the model."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from derm_xai.classify.checkpoint import Thresholds
from derm_xai.notes.prefill import Told
from derm_xai.records import ClinicalContext, Prediction, Record
from derm_xai.vocabulary import MALIGNANT, URGENT_MALIGNANT, Diagnosis, ImageType

_LEADING = {Diagnosis.MEL: "model_melanoma", Diagnosis.SCCKA: "model_squamous", Diagnosis.BCC: "model_basal"}
_MELANOCYTIC = frozenset({Diagnosis.MEL, Diagnosis.NV})
YES_NO = frozenset(name for name, field in ClinicalContext.model_fields.items() if field.annotation == bool | None)
SITE, CHANGED = "site_", "changed_at_all"


class Origin(NamedTuple):
    """Where a fact comes from: with the words of the note, or with the model's probability that reaches a limit."""

    voice: Literal["form", "note", "model"]
    words: str = ""
    chance: float | None = None
    limit: float | None = None


Facts = Mapping[str, Origin]
NOTHING_READ: Mapping[str, Told] = {}


class Measure(Record):
    """A limit on a number of the notes: reached at `at_least`, or only beyond `above`."""

    field: str
    at_least: float | None = None
    above: float | None = None

    def holds(self, value: float) -> bool:
        """Whether a recorded number reaches the limit."""
        return (self.at_least is not None and value >= self.at_least) or (self.above is not None and value > self.above)


def answer(context: ClinicalContext, fact: str, measures: Mapping[str, Measure]) -> bool | None:
    """Return whether a fact is so: None is "not recorded"."""
    if fact in measures:
        value = getattr(context, measures[fact].field)
        return None if value is None else measures[fact].holds(value)
    if fact.startswith(SITE):
        return None if context.anatom_site is None else context.anatom_site == fact.removeprefix(SITE)
    if fact == CHANGED:
        return changed(context)
    value = getattr(context, fact)
    return value if isinstance(value, bool) else None


def changed(context: ClinicalContext) -> bool | None:
    """Return whether shape or colour changed, asked in one question or in two; None while that is not fully answered."""
    apart = (context.change_in_shape, context.change_in_colour)
    if context.changed or any(apart):
        return True
    return False if context.changed is False or apart == (False, False) else None


def context_facts(
    context: ClinicalContext, measures: Mapping[str, Measure], from_note: Mapping[str, Told] = NOTHING_READ
) -> dict[str, Origin]:
    """Return the facts that the notes state. `from_note`: what free text tells of a field, with its words.

    What was read counts where the form has no answer; a sign that the note states counts against the form's "no", too.
    """
    read = {name: told.value for name, told in from_note.items() if told.value is True or getattr(context, name) is None}
    known = context.model_copy(update=read)
    fields = {name: name for name in YES_NO if getattr(known, name)}
    fields |= {fact: measure.field for fact, measure in measures.items() if answer(known, fact, measures)}
    fields |= {f"{SITE}{known.anatom_site}": "anatom_site"} if known.anatom_site else {}
    return {fact: _origin(known, field, from_note) for fact, field in fields.items()}


def denied_by_the_form(context: ClinicalContext, from_note: Mapping[str, Told]) -> bool:
    """Whether the form says "no" to a sign that the note states."""
    return any(told.value is True and getattr(context, name) is False for name, told in from_note.items())


def _origin(known: ClinicalContext, field: str, from_note: Mapping[str, Told]) -> Origin:
    told = from_note.get(field)
    return Origin("note", told.words) if told and told.value == getattr(known, field) else Origin("form")


def model_facts(
    prediction: Prediction, image_types: Sequence[ImageType], thresholds: Thresholds, *, retake: bool = False
) -> dict[str, Origin]:
    """Return the facts that the model states. A photo unlike its training photos gives none.

    One that is to be taken again rules nothing out, so its prediction set is not read; what the model does suspect stands.
    """
    if prediction.novelty.flagged:
        return {}
    leading = prediction.ranked[0].diagnosis
    facts = {_LEADING[leading]} if leading in _LEADING else set()
    facts |= {"model_malignant"} if leading in MALIGNANT else set()
    facts |= {"model_melanocytic"} if leading in _MELANOCYTIC else set()
    dermoscopic = [view.leading for view in prediction.views if view.image_type is ImageType.DERMOSCOPIC] or [leading]
    if leading is Diagnosis.MEL and ImageType.DERMOSCOPIC in image_types and Diagnosis.MEL in dermoscopic:
        facts.add("model_melanoma_dermoscopic")
    if not retake and URGENT_MALIGNANT.intersection(prediction.prediction_set) - {leading}:
        facts.add("model_not_ruled_out")
    held_against = {
        "model_referral": (probability_of(prediction, URGENT_MALIGNANT), thresholds.referral),
        "model_malignancy": (prediction.malignancy.value, thresholds.malignancy),
    }
    reached = {fact: Origin("model", "", chance, limit) for fact, (chance, limit) in held_against.items() if chance >= limit}
    return dict.fromkeys(sorted(facts), Origin("model")) | reached


def probability_of(prediction: Prediction, diagnoses: frozenset[Diagnosis]) -> float:
    """Return the summed probability of some diagnoses."""
    return sum(each.probability.value for each in prediction.differentials if each.diagnosis in diagnoses)
