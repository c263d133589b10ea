"""What in the notes would change the urgency: the fewest answers with which the advice would be another one.

A counterfactual in the sense of Wachter et al. 2017 (arXiv 1711.00399), over the answers of the form, for the written rules and
the model together. The notes' terms add, so the score with another answer is known without a pass of the network, and the rules
are asked as for any case. What is promised is therefore what an assessment with that answer says, not an estimate.

Fields are changed one at a time, and two at a time where no single answer lowers the urgency; one always raises it, short of an
emergency. Departures: an answer is changed to another answer, never taken back; of two at a time, only the PAIRS that raise
urgency and malignancy least alone are tried, each field at the one value that does, so another pair may be missed; red flags,
which ask for today whatever the lesion, say nothing about this case and are left out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import torch

from derm_xai.classify.checkpoint import Model
from derm_xai.classify.predict import Evidence, predict
from derm_xai.notes.levels import encode, field_names
from derm_xai.notes.prefill import Told
from derm_xai.records import Answer, ClinicalContext, NotesChange, PhotoRecord, Prediction
from derm_xai.triage.advise import advise, alarms, rules_alone
from derm_xai.triage.answers import answers_apart
from derm_xai.triage.facts import NOTHING_READ
from derm_xai.vocabulary import Urgency

SHOWN, EACH_WAY = 5, 3
PAIRS = 60
"""About a millisecond each."""


@dataclass(frozen=True)
class Asked:
    """A case whose answers can be changed: the evidence, and all else that the advice rests on."""

    evidence: Evidence
    context: ClinicalContext
    photos: Sequence[PhotoRecord]
    model: Model
    from_note: Mapping[str, Told]


@dataclass(frozen=True)
class Tried:
    """Some answers, and what they would make of the malignancy (0..1) and the urgency."""

    answers: tuple[Answer, ...]
    malignancy: float
    urgency: Urgency


def notes_changes(
    evidence: Evidence,
    context: ClinicalContext,
    prediction: Prediction,
    photos: Sequence[PhotoRecord],
    model: Model,
    *,
    from_note: Mapping[str, Told] = NOTHING_READ,
) -> tuple[NotesChange, ...]:
    """Return the changes that raise and those that lower the urgency, each way the most decisive first; at most SHOWN."""
    asked = Asked(evidence, context, photos, model, from_note)
    now = _advised(asked, context, prediction)
    singles = [_tried(asked, (answer,), prediction) for answer in _others(context)]
    raising = [each for each in singles if each.urgency.rank > now.rank and not _red_flag(each)]
    lowering = [each for each in singles if each.urgency.rank < now.rank]
    if not lowering:
        lowering = [
            each for pair in _pairs(asked, singles) if (each := _tried(asked, pair, prediction)).urgency.rank < now.rank
        ]
    up, down = (_decisive(some, context, now) for some in (raising, lowering))
    up, down = up[: max(EACH_WAY, SHOWN - len(down))], down[: max(SHOWN - EACH_WAY, SHOWN - len(up))]
    return (*(_record(each, raises=True) for each in up), *(_record(each, raises=False) for each in down))


def with_answers(context: ClinicalContext, answers: Iterable[Answer]) -> ClinicalContext:
    """Return the notes with these answers in place of what they hold."""
    return ClinicalContext.model_validate(context.model_dump() | {each.field: each.value for each in answers})


def _others(context: ClinicalContext) -> Iterator[Answer]:
    """Return every answer that is not in the notes."""
    for field, possible in answers_apart().items():
        yield from (Answer(field=field, value=value) for value in possible if getattr(context, field) != value)


def _tried(asked: Asked, answers: tuple[Answer, ...], prediction: Prediction) -> Tried:
    context = with_answers(asked.context, answers)
    if any(each.field in field_names() for each in answers):
        prediction = predict(_with_notes(asked, context), asked.model)
    return Tried(answers, prediction.malignancy.value, _advised(asked, context, prediction))


@torch.inference_mode()
def _with_notes(asked: Asked, context: ClinicalContext) -> Evidence:
    terms = asked.model.network.notes_terms(torch.tensor([encode(context)]))[0]
    return replace(asked.evidence, notes=terms / asked.evidence.temperature)


def _advised(asked: Asked, context: ClinicalContext, prediction: Prediction) -> Urgency:
    # who answers otherwise corrects what was read
    standing = {name: told for name, told in asked.from_note.items() if getattr(context, name) == getattr(asked.context, name)}
    return advise(prediction, context, asked.photos, asked.model.manifest.thresholds, from_note=standing).urgency


def _red_flag(tried: Tried) -> bool:
    return bool(alarms(with_answers(ClinicalContext(), tried.answers)))


def _always(tried: Tried) -> bool:
    """Whether the rules ask for as much on these answers alone."""
    alone = rules_alone(with_answers(ClinicalContext(), tried.answers))
    return any(reason.urgency is tried.urgency for reason in alone)


def _record(tried: Tried, *, raises: bool) -> NotesChange:
    return NotesChange(answers=tried.answers, urgency=tried.urgency, raises=raises, always=raises and _always(tried))


def _pairs(asked: Asked, singles: Sequence[Tried]) -> list[tuple[Answer, ...]]:
    """Return the pairs of answers that are most likely to lower the urgency."""
    best: dict[str, Tried] = {}
    for each in sorted(singles, key=lambda tried: (tried.urgency.rank, tried.malignancy)):
        (answer,) = each.answers
        if _may_lower(asked, answer):
            best.setdefault(answer.field, each)
    pairs = sorted(combinations(best.values(), 2), key=_promise)
    return [(*one.answers, *other.answers) for one, other in pairs[:PAIRS]]


def _may_lower(asked: Asked, answer: Answer) -> bool:
    """Whether it could: rules fire on what is present alone, so beside the score only taking a "yes" back can lower."""
    held = getattr(asked.context, answer.field) is not None or answer.field in asked.from_note
    return answer.field in field_names() or (held and answer.value is not True)


def _promise(pair: tuple[Tried, Tried]) -> tuple[int, float]:
    """Return a key by which pairs that take back what a rule alone counts come first, then those of low malignancy."""
    scored = sum(answer.field in field_names() for each in pair for answer in each.answers)
    return scored, sum(each.malignancy for each in pair)


def _decisive(some: Sequence[Tried], context: ClinicalContext, now: Urgency) -> list[Tried]:
    """Return the changes, no two on one field: first those that hang on this case, the furthest move, recorded answers."""

    def order(tried: Tried) -> tuple[bool, int, int]:
        asked = sum(getattr(context, answer.field) is None for answer in tried.answers)
        return tried.urgency.rank > now.rank and _always(tried), -abs(tried.urgency.rank - now.rank), asked

    kept: list[Tried] = []
    taken: set[str] = set()
    for each in sorted(some, key=order):
        fields = {answer.field for answer in each.answers}
        if not fields & taken:
            kept.append(each)
            taken |= fields
    return kept
