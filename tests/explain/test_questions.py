from itertools import combinations

import pytest
import torch

from derm_xai.classify.predict import collect, predict
from derm_xai.explain.questions import _flip, questions
from derm_xai.notes.levels import FIELDS, encode
from derm_xai.records import ClinicalContext
from derm_xai.vocabulary import DIAGNOSES

CONTEXT = ClinicalContext(age=54, sex="male", grew=True, hurt=False)


def chances(photos, context, model):
    prediction = predict(collect(photos, context, model, samples=6, seed=4), model)
    return (
        prediction.ranked[0].diagnosis,
        {each.diagnosis: each.probability.value for each in prediction.differentials},
        (prediction.malignancy.value),
    )


@pytest.fixture
def asked(model, clinical):
    return questions(collect([clinical], CONTEXT, model, samples=6, seed=4), CONTEXT, model.network)


def test_only_what_is_not_recorded_is_asked_most_telling_first(asked):
    names = [question.field for question in asked.ask]
    assert not {"age", "sex", "grew", "hurt"} & set(names)
    assert len(names) == len(encode(CONTEXT)) - 4
    widths = [question.malignancy.high - question.malignancy.low for question in asked.ask]
    assert widths == sorted(widths, reverse=True)


@pytest.mark.parametrize("field", ["itch", "bleed"])
def test_a_range_is_what_the_answers_would_give(asked, model, clinical, field):
    question = next(each for each in asked.ask if each.field == field)
    leader, _, _ = chances([clinical], CONTEXT, model)
    answered = [chances([clinical], CONTEXT.model_copy(update={field: answer}), model) for answer in (False, True)]
    leading = [values[leader] for _, values, _ in answered]
    malignant = [malignancy for _, _, malignancy in answered]
    assert (question.leading.low, question.leading.high) == pytest.approx((min(leading), max(leading)), abs=1e-6)
    assert (question.malignancy.low, question.malignancy.high) == pytest.approx((min(malignant), max(malignant)), abs=1e-6)
    assert set(question.could_lead) == {lead for lead, _, _ in answered} - {leader}


def test_the_flip_is_the_smallest_that_there_is(asked, model, clinical):
    leader, _, _ = chances([clinical], CONTEXT, model)
    recorded = ("age", "sex", "grew", "hurt")

    def without(fields):
        return chances([clinical], CONTEXT.model_copy(update=dict.fromkeys(fields)), model)[0]

    sizes = [size for size in range(1, 5) if any(without(fields) != leader for fields in combinations(recorded, size))]
    assert (len(asked.flip.fields) if asked.flip else None) == (sizes[0] if sizes else None)
    if asked.flip:
        assert without(asked.flip.fields) == asked.flip.then


def test_a_flip_by_hand():
    """Class 0 leads by 1.5 of which two fields give 1 each: neither alone flips it, both do."""
    score, notes = torch.zeros(11).double(), torch.zeros(3, 11).double()
    score[0], notes[0, 0], notes[2, 0] = 1.5, 1.0, 1.0
    flip = _flip(score, notes, (1, 0, 1))
    assert flip is not None
    assert (len(flip.fields), flip.then) == (2, DIAGNOSES[1])
    assert _flip(score, torch.zeros(3, 11).double(), (1, 0, 1)) is None


def test_of_flips_of_one_answer_the_one_that_leads_by_most_by_hand():
    """Class 0 leads by 1. Without the first answer it has -0.1 and class 1 0.05; without the second -0.5 and class 2 0.05."""
    score, notes = torch.zeros(11).double(), torch.zeros(2, 11).double()
    score[0], notes[:, 0] = 1.0, torch.tensor([1.1, 1.5])
    notes[0, 1] = notes[1, 2] = -0.05
    flip = _flip(score, notes, (1, 1))
    assert (flip.fields, flip.then) == ((FIELDS[1].name,), DIAGNOSES[2])
