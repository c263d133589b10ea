from dataclasses import replace
from zlib import crc32

import numpy as np
import pytest
import torch

from derm_xai.classify.predict import collect
from derm_xai.classify.preprocess import resize, scale
from derm_xai.datasets.sources import load_all
from derm_xai.datasets.splits import Part, drawn, split
from derm_xai.errors import DataError
from derm_xai.evaluate.card_explained import explanations as section
from derm_xai.evaluate.explained import OURS
from derm_xai.evaluate.explanations import CONTROLS, _inside, explanations, measure
from derm_xai.evaluate.permuted import permuted_head, with_head
from derm_xai.evaluate.randomised import randomised, rank_correlation
from derm_xai.evaluate.records import Evaluation, Explanations
from derm_xai.explain.hiding import drops, elsewhere, hottest, shown
from derm_xai.explain.other_maps import METHODS
from derm_xai.explain.stress import CHANGES
from derm_xai.photo import read_photo
from derm_xai.settings import Settings
from derm_xai.vocabulary import DIAGNOSES, ImageType
from tests.datasets import published
from tests.evaluate.test_judged import case_of

FEW = Settings(samples=3, seed=1)


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    return split(load_all(published.all_sets(tmp_path_factory.mktemp("data"))))[Part.VALIDATION]


@pytest.fixture(scope="module")
def measured(cases, model) -> Explanations:
    return explanations(cases, model, FEW, count=4, compared=1, resamples=20)


def test_it_measures_what_the_protocol_names(measured):
    assert measured.hot.n == 4
    assert {each.name for each in measured.methods} == {OURS, *METHODS}
    assert set(measured.flips) == set(CHANGES)
    assert {figure.n for figure in (measured.randomised, measured.permuted, *measured.flips.values())} == {1}


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


def test_a_case_is_right_by_its_leader_and_falls_by_what_hiding_its_hottest_part_and_other_parts_costs(model):
    case = case_of((5, ImageType.CLINICAL))
    photo = read_photo(case.photos[0].read(), ImageType.CLINICAL)
    evidence = collect([photo], case.context, model, samples=FEW.samples, seed=FEW.seed)
    index = DIAGNOSES.index(evidence.leader)
    hot = hottest(shown(evidence, 0, index))
    regions = [hot, *elsewhere(hot, CONTROLS, crc32(case.photos[0].image_id.encode()))]
    fall, *controls = drops(evidence, 0, index, resize(photo.pixels), regions, model.network)
    right, wrong = (
        measure(replace(case, diagnosis=diagnosis), model, FEW) for diagnosis in (evidence.leader, DIAGNOSES[index - 1])
    )
    assert (right.right, wrong.right) == (True, False)
    assert right.falls[OURS] == pytest.approx((fall, np.mean(controls)), abs=1e-4)


def test_the_share_of_evidence_inside_the_outline_by_hand(model, clinical):
    """Of 4 that speak for the class, 3 lie in the first of two cells, which is the lesion."""
    evidence = collect([clinical], case_of().context, model, samples=2, seed=0)
    cells, outline = torch.zeros(2, len(DIAGNOSES), 1, 2), torch.full((4, 8), -2.0)
    cells[:, 4, 0], outline[:, :4] = torch.tensor([3.0, 1.0]), 2.0
    photo = replace(evidence.photos[0], cells=cells, outline=outline)
    assert _inside(replace(evidence, photos=(photo,)), 4) == pytest.approx((3 / 4, 1 / 2))


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
