from dataclasses import replace

import numpy as np
import pytest
import torch

from derm_xai.classify.lesion import lesion
from derm_xai.classify.predict import collect
from derm_xai.classify.preprocess import resize
from derm_xai.explain.cardlimits import reading
from derm_xai.explain.heatmap import grad_cams
from derm_xai.explain.hiding import drops, elsewhere, hottest, log_odds, shown
from derm_xai.explain.regions import inside_ratio
from derm_xai.explain.reportcard import _IN_THE_WAY, PASSES, in_the_way, lead, measures, report_cards, stability
from derm_xai.records import ClinicalContext
from derm_xai.vocabulary import DIAGNOSES
from tests.conftest import CARD_LIMITS


@pytest.fixture
def evidence(model, clinical, dermoscopic):
    return collect([clinical, dermoscopic], ClinicalContext(), model, samples=6, seed=2)


def test_a_card_for_each_photo_of_the_leading_diagnosis(evidence, model, clinical, dermoscopic):
    other = next(each for each in DIAGNOSES if each != evidence.leader)
    cams = grad_cams(evidence, model.network, [other, evidence.leader])
    cards = report_cards(evidence, [clinical, dermoscopic], cams, model, seed=0)
    assert [card.image_type for card in cards] == ["clinical", "dermoscopic"]
    for card in cards:
        assert [check.name for check in card.checks] == list(CARD_LIMITS.checks)
        assert card.score == pytest.approx(sum(check.grade * CARD_LIMITS.checks[check.name].weight for check in card.checks))
        assert 0 <= card.score <= 1
        drop = next(check.number for check in card.checks if check.name == "drop")
        assert card.overall == reading(card.score, drop, CARD_LIMITS)
    agreements = [next(check.number for check in card.checks if check.name == "agreement") for card in cards]
    assert agreements == [cams[1].agreement, cams[3].agreement]


def test_a_model_without_limits_gets_no_card(evidence, model, clinical, dermoscopic):
    thresholds = model.manifest.thresholds.model_copy(update={"card": None})
    without = replace(model, manifest=model.manifest.model_copy(update={"thresholds": thresholds}))
    assert report_cards(evidence, [clinical, dermoscopic], (), without, seed=0) == ()


@pytest.mark.parametrize(("count", "passes"), [(1, 4), (2, 6)])
def test_the_cards_cost_no_more_passes_than_they_may(model, clinical, dermoscopic, count, passes):
    photos = [clinical, dermoscopic][:count]
    evidence = collect(photos, ClinicalContext(), model, samples=4, seed=0)
    cams = grad_cams(evidence, model.network, [evidence.leader])
    seen = []
    hook = model.network.columns[0].features[0].register_forward_hook(lambda _, given, __: seen.append(len(given[0])))
    try:
        report_cards(evidence, photos, cams, model, seed=0)
    finally:
        hook.remove()
    assert sum(seen) == passes <= PASSES


def test_samples_that_agree_are_stable_and_opposite_ones_are_not(evidence):
    cells = torch.zeros(2, 11, 2, 2)
    cells[:, 3] = torch.tensor([[1.0, 0.0], [0.0, 2.0]])
    same = replace(evidence.photos[0], cells=cells)
    assert stability(same, 3) == pytest.approx(1)
    assert stability(same, 4) == 0
    cells = cells.clone()
    cells[1, 3] *= -3
    assert stability(replace(same, cells=cells), 3) == pytest.approx(0)  # one with the mean map, one against it


def test_what_is_in_the_way_is_read_under_the_region_alone(evidence, model):
    photo = evidence.photos[0]
    rows, columns = photo.cells.shape[2:]
    everywhere = np.ones(tuple(photo.outline.shape), bool)
    with torch.inference_mode():
        maps = model.network.concepts(model.network.activations(photo.trunk))[0].sigmoid()
    first = np.zeros_like(everywhere)
    first[: everywhere.shape[0] // rows, : everywhere.shape[1] // columns] = True
    assert in_the_way(photo, model.network, first) == pytest.approx(float(maps[list(_IN_THE_WAY), 0, 0].max()), abs=1e-5)
    assert in_the_way(photo, model.network, everywhere) == pytest.approx(
        float(maps[list(_IN_THE_WAY)].mean((1, 2)).max()), abs=1e-5
    )


def test_a_lead_by_hand():
    """Ahead by 1 and by 3: 2 on average, with a spread of the square root of 2. Without spread, a thousandth stands for it."""
    assert lead(torch.tensor([[2.0, 1.0, 0.0], [4.0, 1.0, 0.0]])) == pytest.approx(2**0.5)
    assert lead(torch.tensor([[2.0, 1.0], [2.0, 1.0]])) == pytest.approx(1000)


def test_the_numbers_are_of_hiding_the_hottest_fifth_and_as_much_elsewhere(evidence, model, clinical, dermoscopic):
    """Six passes of the network are three for each of two photos: the hot region and two controls."""
    photos, network, index = [clinical, dermoscopic], model.network, DIAGNOSES.index(evidence.leader)
    found = measures(evidence, photos, grad_cams(evidence, network, [evidence.leader]), network, 0)
    own = float(log_odds(evidence.scores().double().mean(0), index))
    for place, (photo, numbers) in enumerate(zip(photos, found, strict=True)):
        seen, hot = evidence.photos[place], hottest(shown(evidence, place, index))
        regions = [hot, *elsewhere(hot, 2, 0)]
        fall, *controls = drops(evidence, place, index, resize(photo.pixels), regions, network)
        assert numbers["drop"] == pytest.approx(fall - np.mean(controls), abs=1e-4)
        assert numbers["holds"] == pytest.approx(own - max(controls), abs=1e-4)
        assert numbers["clear"] == pytest.approx(1 - in_the_way(seen, network, hot), abs=1e-6)
        cells = seen.cells[:, index].double().mean(0).numpy()
        assert numbers["inside"] == pytest.approx(inside_ratio(cells, lesion(seen.outline).mask))
        assert numbers["lead"] == pytest.approx(lead(evidence.scores().double()))
        assert numbers["stability"] == pytest.approx(stability(seen, index))
