from math import log

import numpy as np
import pytest
import torch
from scipy.stats import norm

from derm_xai.classify.lesion import lesion
from derm_xai.classify.predict import collect
from derm_xai.classify.preprocess import resize
from derm_xai.explain.hiding import drops, elsewhere, filled, hottest, log_odds, photo_scores, shown
from derm_xai.records import ClinicalContext
from derm_xai.vocabulary import DIAGNOSES


def test_log_odds_by_hand():
    """Chances of 1/4, 1/4 and 1/2: the last is as likely as the others together, the first one against three."""
    scores = torch.tensor([0.0, 0.0, log(2)])
    assert float(log_odds(scores, 2)) == pytest.approx(0, abs=1e-6)
    assert float(log_odds(scores, 0)) == pytest.approx(log(1 / 3), abs=1e-6)


def test_the_hottest_fifth_is_a_fifth_and_is_the_hottest():
    values = np.zeros((20, 30))
    values[:10, :12] = 5.0
    hot = hottest(values)
    assert hot.sum() == 120
    assert not hot[12:].any()
    assert not hot[:, 14:].any()


def test_dust_is_not_hottest():
    """Dots of 3 on one in 64 pixels, less than 0.05 on average, beside a block of 1."""
    values = np.zeros((40, 60))
    values[10:30, 10:34] = 1.0
    values[::8, 40::8] = 3.0
    assert not hottest(values)[:, 44:].any()


def test_controls_are_as_large_lie_elsewhere_and_are_the_same_again():
    hot = np.zeros((12, 16), bool)
    hot[2:6, 3:9] = True
    first, second = elsewhere(hot, 2, 7), elsewhere(hot, 2, 7)
    assert [region.sum() for region in first] == [24, 24]
    assert all((one == other).all() for one, other in zip(first, second, strict=True))
    assert any((region != hot).any() for region in first)


def test_controls_are_moved_both_ways():
    hot = np.zeros((12, 16), bool)
    hot[0, 0] = True
    places = np.array([np.argwhere(region)[0] for region in elsewhere(hot, 40, 0)])
    assert min(len(set(along)) for along in places.T) > 5


def test_the_edge_of_what_is_hidden_is_soft_by_hand():
    """Black, hidden from column 40 on with the skin's 200: d pixels beyond the edge a share of Φ(d / 4) is covered."""
    pixels = np.zeros((80, 80, 3), np.uint8)
    pixels[:, :8] = 200
    columns = np.broadcast_to(np.arange(80), (80, 80))
    row = filled(pixels, columns >= 40, columns >= 8)[40, :, 0].astype(float)
    places = np.array([36, 39, 40, 43])
    assert row[places] == pytest.approx(200 * norm.cdf((places + 0.5 - 40) / 4), abs=4)


def test_hidden_is_skin_and_the_rest_stays():
    pixels = np.full((80, 80, 3), (200, 150, 140), np.uint8)
    pixels[30:50, 30:50] = (90, 50, 40)
    lesion = np.zeros((20, 20), bool)
    lesion[7:13, 7:13] = True
    covered = filled(pixels, np.pad(np.ones((12, 12), bool), 4), lesion)
    assert covered[40, 40].tolist() == [200, 150, 140]
    assert (covered[:3] == pixels[:3]).all()
    assert (filled(pixels, np.zeros((20, 20), bool), lesion) == pixels).all()


def test_a_drop_is_the_difference_that_the_changed_photo_makes(model, clinical, dermoscopic):
    evidence = collect([clinical, dermoscopic], ClinicalContext(age=40), model, samples=3, seed=0)
    pixels, network = resize(clinical.pixels), model.network
    index = DIAGNOSES.index(evidence.leader)
    hot = hottest(shown(evidence, 0, index))
    (none, some) = drops(evidence, 0, index, pixels, [np.zeros_like(hot), hot], network)
    assert none == pytest.approx(0, abs=1e-4)
    inside = np.array([[mark == "#" for mark in row] for row in lesion(evidence.photos[0].outline).mask])
    rest = evidence.scores().mean(0) - evidence.photos[0].cells.sum((2, 3)).mean(0)
    both = rest + evidence.photos[0].weight * photo_scores(network, [pixels, filled(pixels, hot, inside)])
    odds = log_odds(both, index)
    assert some == pytest.approx(float(odds[0] - odds[1]), abs=1e-4)
