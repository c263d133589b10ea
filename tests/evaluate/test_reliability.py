import numpy as np
import pytest

from derm_xai.evaluate.metrics import expected_calibration_error
from derm_xai.evaluate.records import Bin
from derm_xai.evaluate.reliability import reliability
from derm_xai.evaluate.scored import Scored
from tests.evaluate.test_metrics import MEL, NV, drawn, scored


def test_bins_by_hand():
    # 15 bins: 0.62 and 0.66 share the tenth, (0.6, 0.667]; 0.95 is in the last
    diagram = reliability("a set", scored([(NV, {NV: 0.62}), (MEL, {NV: 0.66}), (MEL, {MEL: 0.95})]))
    assert diagram.data == "a set"
    assert [(each.accuracy, each.n) for each in diagram.bins] == [(0.5, 2), (1.0, 1)]
    assert [each.confidence for each in diagram.bins] == pytest.approx([0.64, 0.95])


def test_confidences_at_the_ends_are_in_the_first_bin_and_the_last():
    flat = Scored(np.zeros((1, 11)), np.array([0]), np.array(["g"]))
    assert reliability("", flat).bins == (Bin(confidence=0, accuracy=1, n=1),)
    assert reliability("", scored([(NV, {NV: 1.0}), (NV, {NV: 0.94})])).bins == (Bin(confidence=0.97, accuracy=1, n=2),)


def test_the_bins_hold_every_case_and_give_the_calibration_error():
    cases = drawn(300, seed=2)
    bins = reliability("", cases).bins
    assert sum(each.n for each in bins) == 300
    gaps = [each.n * abs(each.accuracy - each.confidence) for each in bins]
    assert sum(gaps) / 300 == pytest.approx(expected_calibration_error(cases))
