import pytest

from derm_xai.classify.lesion import inside
from derm_xai.explain.leastregion import _between, least_region
from derm_xai.vocabulary import Diagnosis
from tests.explain.toy import hideable

DARK = [(0, 0), (0, 3), (2, 1), (3, 4), (5, 2)]


@pytest.mark.parametrize(("naevus", "needed"), [(4.5, 1), (3.5, 2), (2.5, 3)])
def test_as_many_cells_as_the_lead_is_worth(naevus, needed):
    """Five dark cells are worth 5; what is left of a hidden one at its soft edge is worth less than a fifth."""
    found = least_region(hideable(DARK, naevus=naevus))
    assert (found.leading, found.then) == (Diagnosis.MEL, Diagnosis.NV)
    assert found.share == pytest.approx(needed / 36)
    assert {(row, column) for row, column in zip(*inside(found.region).nonzero(), strict=True)} <= set(DARK)


MANY = [(row, column) for row in range(4) for column in range(6)]


def test_none_where_half_of_the_photo_is_not_enough():
    """Of 36 cells 24 are dark: a naevus of 12 leads with 13 of them hidden, one of 3 with 22, which is more than half."""
    found = least_region(hideable(MANY, naevus=12.0))
    assert (found.then, found.share) == (Diagnosis.NV, pytest.approx(13 / 36))
    none = least_region(hideable(MANY, naevus=3.0))
    assert (none.leading, none.then, none.share) == (Diagnosis.MEL, None, 0)
    assert not inside(none.region).any()


def test_none_where_the_lead_is_no_cells_doing():
    calm = least_region(hideable([], naevus=3.0))
    assert (calm.leading, calm.then, calm.share) == (Diagnosis.NV, None, 0)


def test_the_numbers_tried_end_just_below_the_upper_one():
    assert _between(0, 19) == [3, 6, 9, 12, 15, 18]
    assert _between(6, 9) == [7, 8]
    assert _between(2, 4) == [3]


def test_few_passes_are_needed(monkeypatch):
    photo, seen = hideable(DARK, naevus=2.5), []
    own = photo.network.photo_evidence
    monkeypatch.setattr(photo.network, "photo_evidence", lambda photos: seen.append(len(photos)) or own(photos))
    least_region(photo)
    assert (len(seen), sum(seen)) == (2, 8)
