from dataclasses import replace

import pytest
import torch

from derm_xai.classify.preprocess import resize, scale
from derm_xai.datasets.sources import load_all
from derm_xai.datasets.splits import Part, drawn, split
from derm_xai.errors import DataError
from derm_xai.evaluate.card_explained import explanations as section
from derm_xai.evaluate.explained import OURS, Measured, summed_up
from derm_xai.evaluate.explanations import explanations, measure
from derm_xai.evaluate.permuted import permuted_head, with_head
from derm_xai.evaluate.randomised import randomised, rank_correlation
from derm_xai.evaluate.records import Evaluation, Explanations
from derm_xai.explain.other_maps import METHODS
from derm_xai.photo import read_photo
from derm_xai.records import ReportCard
from derm_xai.settings import Settings
from derm_xai.vocabulary import DIAGNOSES, Diagnosis, ImageType
from tests.datasets import published

FEW = Settings(samples=3, seed=1)


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    return split(load_all(published.all_sets(tmp_path_factory.mktemp("data"))))[Part.VALIDATION]


@pytest.fixture(scope="module")
def measured(cases, model) -> Explanations:
    return explanations(cases, model, FEW, count=4, compared=1, resamples=20)


def card(score: float, overall="read with care") -> ReportCard:
    return ReportCard(image_type=ImageType.CLINICAL, diagnosis=Diagnosis.NV, checks=(), score=score, overall=overall)


def case_of(case, group, right, score, falls, inside=None, overall="read with care") -> Measured:
    return Measured(replace(case, group=group), right, (card(score, overall),), {OURS: falls}, inside)


def test_the_figures_by_hand(cases):
    """Falls of 3 and 1 against 1 and 0: a ratio of 4, not the mean of ratios. Inside: (0.6 + 0.2) over (0.2 + 0.2)."""
    some = [
        case_of(cases[0], "a", True, 0.9, (3.0, 1.0), (0.6, 0.2), "read this map"),
        case_of(cases[0], "b", False, 0.2, (1.0, 0.0), (0.2, 0.2), "do not rely on this map"),
        case_of(cases[0], "c", True, 0.2, (2.0, 0.5), None, "do not rely on this map"),
    ]
    told = summed_up(some, 10)
    assert told.hot.value == 2
    assert told.faithfulness.value == pytest.approx(6 / 1.5)
    assert (told.malignant_inside.value, told.malignant_inside.n) == (pytest.approx(2), 2)
    assert told.card_auroc.value == pytest.approx(0.75)  # one right case above the wrong one, one level with it
    readings = {each.reading: (each.right.value, each.right.n) for each in told.readings}
    assert readings["read this map"] == (1, 1)
    assert readings["do not rely on this map"] == (0.5, 2)
    assert readings["read with care"][1] == 0
    assert not told.methods


def test_it_measures_what_the_protocol_names(measured):
    assert measured.hot.n == 4
    assert {each.name for each in measured.methods} == {OURS, *METHODS}
    assert next(each for each in measured.methods if each.name == OURS).ours_above.value == 0
    assert -1 <= measured.randomised.value <= 1
    assert -1 <= measured.permuted.value <= 1
    assert all(0 <= rate.value <= 1 for rate in measured.flips.values())


def test_it_can_be_written_read_back_and_put_in_the_card(measured):
    assert Explanations.model_validate_json(measured.model_dump_json()).hot == measured.hot
    text = section(Evaluation.model_construct(explanations=measured))
    assert "## Explanations" in text
    assert "occlusion" in text
    assert "shuffled labels" in text
    assert section(Evaluation.model_construct(explanations=None)) == ""


def test_cases_are_drawn_evenly_and_the_same_again(cases):
    chosen = drawn(cases, 6)
    assert len({case.source for case in chosen}) == len({case.source for case in cases})
    assert chosen == drawn(cases, 6)
    assert len({(case.source, case.case_id) for case in chosen}) == 6
    with pytest.raises(DataError):
        explanations([], None, FEW)


def test_a_case_without_the_costly_part_has_one_method(cases, model):
    assert list(measure(cases[0], model, FEW).falls) == [OURS]


def test_a_head_that_learnt_shuffled_labels_tells_them_and_draws_another_map(cases, model):
    """With as many channels as this and few photos any labels can be learnt; the seed decides which."""
    chosen = drawn(cases, 8)
    photos = [photo for case in chosen for photo in case.photos]
    pixels = [scale(resize(read_photo(each.read(), each.image_type).pixels))[None] for each in photos]
    weights = permuted_head(chosen, model.network, seed=0)
    other = with_head(model.network, weights)
    assert torch.equal(other.columns[0].features[0][0].weight, model.network.columns[0].features[0][0].weight)
    labels = [DIAGNOSES.index(case.diagnosis) for case in chosen for _ in case.photos]
    assert {int(row) for row in weights.abs().sum(1).nonzero()[:, 0]} == set(labels)
    assert torch.equal(permuted_head(chosen, model.network, seed=0), weights)
    assert not torch.equal(permuted_head(chosen, model.network, seed=1), weights)
    assert rank_correlation(labels[0], model.network, other, pixels[:1]) < 0.99


def test_another_network_is_another_and_the_same_seed_the_same(model, clinical):
    other = randomised(model.network)
    pixels = [scale(resize(clinical.pixels))[None]]
    assert rank_correlation(0, model.network, model.network, pixels) == pytest.approx(1)
    assert abs(rank_correlation(0, model.network, other, pixels)) < 0.9
    assert not torch.equal(other.head.weight, model.network.head.weight)
    assert torch.equal(other.columns[0].features[0][0].weight, model.network.columns[0].features[0][0].weight)
