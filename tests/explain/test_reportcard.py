from dataclasses import replace

import numpy as np
import pytest
import torch

from derm_xai.classify.predict import collect
from derm_xai.explain.cardlimits import fit, graded, reading, title
from derm_xai.explain.heatmap import grad_cams
from derm_xai.explain.reportcard import _IN_THE_WAY, PASSES, in_the_way, lead, report_cards, stability
from derm_xai.records import CardLimits, CheckLimits, ClinicalContext
from derm_xai.vocabulary import DIAGNOSES
from tests.conftest import CARD_LIMITS

NUMBERS = {"inside": 1.0, "drop": 2.0, "stability": 0.5, "agreement": 0.9, "holds": 2.0, "lead": 1.0, "clear": 1.0}
LIMITS = CardLimits(
    checks={name: CheckLimits(poor=0.0, good=2.0, weight=0.2) for name in NUMBERS}, care=0.3, read=0.6, source="a test"
)


@pytest.fixture
def evidence(model, clinical, dermoscopic):
    return collect([clinical, dermoscopic], ClinicalContext(), model, samples=6, seed=2)


def test_a_grade_rises_between_its_limits():
    grades = {check.name: check.grade for check in graded(NUMBERS | {"drop": 5.0, "clear": -1.0}, LIMITS)}
    assert grades == {"inside": 0.5, "drop": 1.0, "stability": 0.25, "agreement": 0.45, "holds": 1.0, "lead": 0.5, "clear": 0.0}


def test_every_line_says_number_limits_source_and_a_verdict():
    for check in graded(NUMBERS, LIMITS):
        assert (check.poor, check.good, check.source) == (0.0, 2.0, "a test")
        assert check.verdict.split(":")[0] in ("Good", "Fair", "Poor")
        assert title(check.name)


def test_readings():
    assert [reading(score, 0.1, LIMITS) for score in (0.6, 0.59, 0.3, 0.29)] == [
        "read this map",
        "read with care",
        "read with care",
        "do not rely on this map",
    ]


def test_a_map_whose_hottest_part_matters_no_more_than_the_rest_is_not_simply_read():
    assert [reading(score, 0.0, LIMITS) for score in (1.0, 0.6, 0.29)] == [
        "read with care",
        "read with care",
        "do not rely on this map",
    ]


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


def test_fitting_gives_weight_to_what_tells_right_from_wrong():
    generator = np.random.default_rng(0)
    right = [bool(index % 2) for index in range(200)]
    telling = [{**dict.fromkeys(NUMBERS, 0.0), "drop": float(answer), "clear": -float(answer)} for answer in right]
    limits = fit(telling, right, "made up")
    assert limits.checks["drop"].weight == 1
    assert limits.checks["clear"].weight == 0
    assert sum(each.weight for each in limits.checks.values()) == pytest.approx(1)
    noise = [{name: float(generator.normal()) for name in NUMBERS} for _ in right]
    assert 0 < fit(noise, right, "made up").care < fit(noise, right, "made up").read < 1


def test_a_lead_by_hand():
    """Ahead by 1 and by 3: 2 on average, with a spread of the square root of 2. Without spread, a thousandth stands for it."""
    assert lead(torch.tensor([[2.0, 1.0, 0.0], [4.0, 1.0, 0.0]])) == pytest.approx(2**0.5)
    assert lead(torch.tensor([[2.0, 1.0], [2.0, 1.0]])) == pytest.approx(1000)
