import pytest
from hypothesis import given
from hypothesis import strategies as st

from derm_xai.notes.levels import FIELDS, encode, field_names
from derm_xai.records import ClinicalContext


def level(**answers) -> str:
    context = ClinicalContext(**answers)
    index = field_names().index(next(iter(answers)))
    return FIELDS[index].levels[encode(context)[index]]


def test_nothing_recorded_is_level_zero_everywhere():
    assert encode(ClinicalContext()) == (0,) * len(FIELDS)


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (0, "under 20"),
        (19, "under 20"),
        (20, "20 to 29"),
        (29, "20 to 29"),
        (79, "70 to 79"),
        (80, "80 or over"),
        (120, "80 or over"),
    ],
)
def test_age_bands(age, band):
    assert level(age=age) == band


def test_no_is_not_the_same_as_not_recorded():
    assert level(itch=False) == "no"
    assert level(itch=True) == "yes"


def test_tone_zero_is_recorded():
    assert level(skin_tone=0) == "0"
    assert level(fitzpatrick=6) == "6"


@given(st.builds(ClinicalContext, age=st.integers(0, 120) | st.none(), grew=st.booleans() | st.none()))
def test_levels_are_within_their_tables(context):
    assert all(0 <= level < len(field.levels) for level, field in zip(encode(context), FIELDS, strict=True))
