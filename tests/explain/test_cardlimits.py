import numpy as np
import pytest

from derm_xai.explain.cardlimits import fit, graded, reading, title, word_of
from derm_xai.records import CardLimits, CheckLimits

NUMBERS = {"inside": 1.0, "drop": 2.0, "stability": 0.5, "agreement": 0.9, "holds": 2.0, "lead": 1.0, "clear": 1.0}
LIMITS = CardLimits(
    checks={name: CheckLimits(poor=0.0, good=2.0, weight=0.2) for name in NUMBERS}, care=0.3, read=0.6, source="a test"
)


def test_a_grade_rises_between_its_limits():
    grades = {check.name: check.grade for check in graded(NUMBERS | {"drop": 5.0, "clear": -1.0}, LIMITS)}
    assert grades == {"inside": 0.5, "drop": 1.0, "stability": 0.25, "agreement": 0.45, "holds": 1.0, "lead": 0.5, "clear": 0.0}


def test_a_grade_is_the_way_from_the_poor_end_to_the_good_one():
    """1 is poor and 3 good, so 2 is half of the way, which is good enough to be called good."""
    limits = CardLimits(checks={"lead": CheckLimits(poor=1.0, good=3.0, weight=1.0)}, care=0.3, read=0.6, source="")
    (check,) = graded({"lead": 2.0}, limits)
    assert check.grade == 0.5
    assert check.verdict.startswith("Good: its lead is 2.0 times")


def test_the_upper_half_is_good_and_the_lowest_quarter_poor():
    assert [word_of(grade) for grade in (1, 0.5, 0.499, 0.25, 0.249, 0)] == ["Good", "Good", "Fair", "Fair", "Poor", "Poor"]


def test_every_line_says_number_limits_source_and_what_it_is_called():
    for check in graded(NUMBERS, LIMITS):
        assert (check.number, check.poor, check.good, check.source) == (NUMBERS[check.name], 0.0, 2.0, "a test")
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


def test_limits_are_quantiles_of_the_cases_by_hand():
    """Of 0 to 100 the ends are 5 and 95. A fifth of the scores lie below that of 20, 15 of 90, and half below that of 50."""
    limits = fit([{"lead": float(value)} for value in range(101)], [value > 50 for value in range(101)], "")
    assert (limits.checks["lead"].poor, limits.checks["lead"].good) == (5, 95)
    assert limits.care == pytest.approx(15 / 90)
    assert limits.read == pytest.approx(45 / 90)
