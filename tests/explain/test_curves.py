import numpy as np
import pytest

from derm_xai.explain.curves import STEPS, area, curves
from derm_xai.vocabulary import Diagnosis
from tests.explain.toy import hideable

DARK = [(0, 0), (0, 4), (2, 2), (4, 0), (4, 4)]


@pytest.fixture
def found():
    """Five dark cells of 25: the first of five steps takes, or gives, exactly these."""
    return curves(hideable(DARK, each=2.0, naevus=1.0, side=5))


def test_areas_by_hand():
    assert area((0, 0.5, 1), (1, 0, 0)) == 0.25
    assert area((0, 0.5, 1), (0.5, 0.5, 0.5)) == 0.5


def test_the_ends_are_the_photo_as_it_is_and_nothing_of_it(found):
    """Melanoma 10 against naevus 1 and nine zeros; then naevus 1, melanoma and the nine at 0."""
    whole = np.exp(10) / (np.exp(10) + np.e + 9)
    nothing = 1 / (np.e + 10)
    for curve in (found.deletion, found.random_deletion):
        assert (curve[0], curve[-1]) == pytest.approx((whole, nothing), abs=0.01)
    for curve in (found.insertion, found.random_insertion):
        assert (curve[0], curve[-1]) == pytest.approx((nothing, whole), abs=0.01)


def test_the_right_order_does_it_all_in_the_first_step(found):
    assert found.leading is Diagnosis.MEL
    assert found.deletion[1] < 0.5
    assert min(found.insertion[1:]) > 0.95
    assert area(found.shares, found.deletion) < area(found.shares, found.random_deletion) - 0.1
    assert area(found.shares, found.insertion) > area(found.shares, found.random_insertion) + 0.02
    assert len(found.shares) == len(found.deletion) == STEPS + 1


def test_a_random_insertion_is_a_random_deletion_read_backwards(found):
    assert found.random_insertion == found.random_deletion[::-1]


def test_the_same_again_and_progress_to_the_end():
    shares = []
    photo = hideable(DARK, side=5)
    assert curves(photo, shares.append) == curves(photo)
    assert shares == sorted(shares)
    assert shares[-1] == 1
