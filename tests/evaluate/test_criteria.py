import re
from itertools import groupby
from pathlib import Path

import pytest

from derm_xai.evaluate.criteria import CRITERIA, answers, tally
from derm_xai.evaluate.records import Figure, Row
from tests.evaluate.test_card import figure, set_coverage
from tests.evaluate.test_figures import doubt, evaluation
from tests.evaluate.test_operating import point

PROTOCOL = Path(__file__).resolve().parents[2] / "docs" / "evaluation-protocol.md"
MILK, HAM, PAD = "MILK10k", "HAM10000 without VASC", "PAD-UFES-20"
SCORE = "one minus the highest probability"


def row(data: str, given: str, n: int = 615, **values: float) -> Row:
    figures = {name.replace("_", " "): figure(value, n) for name, value in values.items()}
    return Row(data=data, given=given, classes=6, figures=figures)


def told(**parts) -> dict[tuple[str, ...], tuple[Figure | None, str]]:
    return {each.criterion.of: (each.figure, each.verdict) for each in answers(evaluation(**parts), SCORE)}


def test_the_limits_are_those_of_the_protocol():
    """In its order; a limit that holds on each set stands there once."""
    section = PROTOCOL.read_text(encoding="utf-8").split("## Acceptance criteria")[1].split("\n## ")[0]
    column = [line.split("|")[2] for line in section.splitlines() if line.startswith("|")][2:]
    parts = [part for cell in column for part in cell.split(";")]
    numbers = [float(re.search(r"[\d.]+", part).group()) / (100 if "%" in part else 1) for part in parts]
    assert [limit for limit, _ in groupby(CRITERIA, key=lambda each: each.limit)] == [each for each, _ in groupby(numbers)]
    assert {each.limit for each in CRITERIA if each.at_most} == {
        number for number, part in zip(numbers, parts, strict=True) if "at most" in part
    }


@pytest.mark.parametrize(
    ("value", "n", "verdict"),
    [(0.50, 30, "met"), (0.4999, 30, "not met"), (0.9, 29, "untested"), (float("nan"), 30, "not measured")],
)
def test_a_figure_at_the_limit_meets_it_and_one_on_few_cases_answers_nothing(value, n, verdict):
    found = told(rows=(row(MILK, "both photos and notes", n, macro_F1=value),))
    assert found[MILK, "both photos and notes", "macro F1"][1] == verdict
    assert found[MILK, "both photos and notes", "macro AUC"] == (None, "not measured")


def test_what_is_to_stay_low_is_met_at_its_limit_and_below():
    rows = (row(MILK, "a", ECE=0.06), row(HAM, "b", ECE=0.0601), row(PAD, "c", ECE=0.01), row(PAD, "d", ECE=0.09))
    found = told(rows=rows)
    # of a data set's rows the last one, with all that it holds
    assert [found[data, "ECE"][1] for data in (MILK, HAM, PAD)] == ["met", "not met", "not met"]


def test_each_criterion_is_answered_from_its_own_place():
    sets = (
        set_coverage(MILK, 0.90, "diagnosis", "MEL", 0.1, 1),
        set_coverage(MILK, 0.95, "diagnosis", "MEL", 0.93, 2),
        set_coverage(PAD, 0.95, "malignant", "malignant", 0.94, 3),
        set_coverage(MILK, 0.95, "all", "all", 0.95, 4),
    )
    points = (
        point(0.9, 0.7, target="a malignancy"),
        point(0.2, 0.1, target="a melanoma"),
        point(0.5, 0.4, target="a malignancy other than basal cell carcinoma"),
    )
    found = told(
        sets=sets,
        doubts=(doubt(HAM, SCORE, 0.2), doubt(HAM, "another", 0.3)),
        operating_points=tuple(each.model_copy(update={"data": MILK}) for each in points),
        mask_dice=figure(0.91),
    )
    values = {of: figure.value for of, (figure, _) in found.items() if figure}
    assert values == {
        (MILK, "95 % sets: coverage of melanoma"): 0.93,
        (PAD, "95 % sets: coverage of all malignant"): 0.94,
        (MILK, "95 % sets: mean size"): 4,
        (HAM, "abstention score: AUROC for errors"): doubt(HAM, SCORE, 0.2).error_auroc.value,
        (HAM, "abstention score: error left at 80 %"): doubt(HAM, SCORE, 0.2).error_left.value,
        (MILK, "malignancy threshold: sensitivity"): 0.9,
        (MILK, "malignancy threshold: specificity"): 0.7,
        ("outline: mean Dice",): 0.91,
    }


def test_the_answers_are_counted():
    found = answers(evaluation(mask_dice=figure(0.93)), SCORE)
    rest = len(CRITERIA) - 1
    assert tally(found) == (
        f"Of {len(CRITERIA)} criteria that were set before the model was measured: not measured {rest}, met 1."
    )
