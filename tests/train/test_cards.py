from dataclasses import replace

import pytest

from derm_xai.classify.predict import collect, predict
from derm_xai.datasets.sources import load_all
from derm_xai.datasets.splits import Part, split
from derm_xai.photo import read_photo
from derm_xai.train.cards import card_limits
from derm_xai.vocabulary import DIAGNOSES
from tests.datasets import published


@pytest.fixture(scope="module")
def right_and_wrong(model, tmp_path_factory):
    """Four cases, relabelled so that the model is right about the first two alone."""
    cases = split(load_all(published.all_sets(tmp_path_factory.mktemp("data"))))[Part.TRAIN][:4]
    return [replace(case, diagnosis=answer(case, model, wrong=place > 1)) for place, case in enumerate(cases)]


def answer(case, model, *, wrong: bool):
    photos = [read_photo(photo.read(), photo.image_type) for photo in case.photos]
    leader = predict(collect(photos, case.context, model, samples=3, seed=0), model).ranked[0].diagnosis
    return next(each for each in DIAGNOSES if each != leader) if wrong else leader


def test_limits_rest_on_cards_of_right_and_wrong_answers(model, right_and_wrong):
    limits = card_limits(right_and_wrong, model, samples=3, seed=0)
    assert limits is not None
    assert limits.source == "fitted on 4 calibration cases of the three sets with toy"
    assert limits.care <= limits.read
    assert sum(check.weight for check in limits.checks.values()) == pytest.approx(1)


def test_answers_of_one_kind_alone_give_no_limits(model, right_and_wrong):
    assert card_limits(right_and_wrong[:2], model, samples=3, seed=0) is None
