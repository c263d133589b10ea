import pytest

from derm_xai.datasets.sources import LabelledCase
from derm_xai.evaluate.explained import OURS, Measured, summed_up
from derm_xai.explain.stress import CHANGES
from derm_xai.records import ClinicalContext, Reading, ReportCard, StressLine, StressTest
from derm_xai.vocabulary import Diagnosis, ImageType

READINGS: tuple[Reading, ...] = ("read this map", "read with care", "do not rely on this map")
READ, CARE, NOT = READINGS


def card(score: float, overall: Reading) -> ReportCard:
    return ReportCard(image_type=ImageType.CLINICAL, diagnosis=Diagnosis.NV, checks=(), score=score, overall=overall)


def measured(group: str, falls, *cards: tuple[float, Reading], right=True, inside=None, flipped=None, correlations=()):
    """A case; `flipped`: of four changes of each kind, where it was one of those that were put through the costlier part."""
    lines = tuple(StressLine(change=name, tried=4, flipped=flipped or 0, instead=(), lowest=0.1) for name in CHANGES)
    return Measured(
        case=LabelledCase("c", group, "MILK10k", Diagnosis.NV, (), ClinicalContext()),
        right=right,
        cards=tuple(card(*each) for each in cards),
        falls={OURS: falls} if isinstance(falls, tuple) else falls,
        malignant_inside=inside,
        correlations=correlations,
        stressed=None if flipped is None else StressTest(leading=Diagnosis.NV, lines=lines),
    )


def test_the_figures_by_hand():
    """Falls of 3 and 1 against 1 and 0: a ratio of 4, not the mean of ratios. Inside: (0.6 + 0.2) over (0.2 + 0.2)."""
    some = [
        measured("a", (3.0, 1.0), (0.9, READ), inside=(0.6, 0.2)),
        measured("b", (1.0, 0.0), (0.2, NOT), inside=(0.2, 0.2), right=False),
        measured("c", (2.0, 0.5), (0.2, NOT)),
    ]
    told = summed_up(some, 10)
    assert (told.hot.value, told.elsewhere.value) == (2, 0.5)
    assert told.faithfulness.value == pytest.approx(6 / 1.5)
    assert (told.malignant_inside.value, told.malignant_inside.n) == (pytest.approx(2), 2)
    assert told.card_auroc.value == pytest.approx(0.75)  # one right case above the wrong one, one level with it
    readings = {each.reading: (each.right.value, each.right.n) for each in told.readings}
    assert readings[READ] == (1, 1)
    assert readings[NOT] == (0.5, 2)
    assert readings[CARE][1] == 0
    assert not told.methods


def test_a_case_of_two_photos_reads_as_the_worse_of_their_cards():
    told = summed_up([measured("a", (1.0, 1.0), (0.9, READ), (0.1, NOT)), measured("b", (1.0, 1.0), (0.9, READ))], 5)
    assert {each.reading: each.right.n for each in told.readings} == {READ: 1, CARE: 0, NOT: 1}


def test_the_figures_of_the_costlier_part_by_hand():
    """Over two cases; the third, which was not put through it, counts for none of them."""
    some = [
        measured("a", {OURS: (3.0, 1.0), "x": (1.0, 1.0)}, (0.9, READ), flipped=1, correlations=(0.25, 0.75)),
        measured("b", {OURS: (1.0, 0.0), "x": (0.5, 1.0)}, (0.9, READ), flipped=3, correlations=(0.35, 0.85)),
        measured("c", (9.0, 0.0), (0.9, READ)),
    ]
    told = summed_up(some, 5)
    methods = {each.name: (each.hot.value, each.faithfulness.value, each.ours_above.value) for each in told.methods}
    assert methods == {OURS: (2, 4, 0), "x": (0.75, 0.75, 1.25)}
    assert (told.randomised.value, told.permuted.value) == pytest.approx((0.3, 0.8))
    assert {name: (rate.value, rate.n) for name, rate in told.flips.items()} == dict.fromkeys(CHANGES, (0.5, 2))
