from itertools import pairwise

import pytest

from derm_xai.classify.checkpoint import Abstention, Manifest, Thresholds, TrainingData
from derm_xai.evaluate.card import figures_table, model_card
from derm_xai.evaluate.metrics import CALIBRATION, METRICS
from derm_xai.evaluate.records import Evaluation, Figure, NotLesions, Reliability, Row, SetCoverage, Subgroup, Urgencies
from derm_xai.vocabulary import DIAGNOSES, DISCLAIMER, Urgency
from tests.evaluate.test_figures import BINS, doubt, evaluation
from tests.evaluate.test_operating import point

NAN = float("nan")
PARTS = ("Uncertainty", "Prediction sets", "Operating points", "Subgroups", "Lesion mask", "Photos that are not lesions")
GROUPS = (("all", "all"), ("malignant", "malignant"), ("diagnosis", "MEL"), ("diagnosis", "BCC"))
MANIFEST = Manifest.model_construct(
    id="toy",
    created="2026-01-01",
    architecture="a network",
    labels=tuple(DIAGNOSES),
    four_looks=True,
    temperature={"clinical": 1.25, "notes": 0.5},
    thresholds=Thresholds.model_construct(
        malignancy=0.3, melanoma=0.1, referral=0.2, abstention=Abstention(score="predictive entropy", limit=2.3)
    ),
    data=(TrainingData(name="MILK10k", licence="CC", source="https://x.test", train=3, calibration=2, validation=1),),
    pretrained="ImageNet",
    licence="Apache-2.0",
    command="made in a test",
    recipe={"short": {"epochs": 2}, "long": {"epochs": 8}},
    git_commit="abc",
    weights_sha256="0123",
)


def figure(value: float, n: int = 615) -> Figure:
    return Figure(value=value, low=value - 0.01, high=value + 0.01, n=n)


def row() -> Row:
    names = (*METRICS, *CALIBRATION)
    figures = {name: figure(0.1 + place / 100) for place, name in enumerate(names)}
    return Row(data="MILK10k", given="both photos", classes=11, figures=figures)


def section(card: str, heading: str) -> str:
    """The text under a heading, up to the next one."""
    return card.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def cells(line: str) -> list[str]:
    return line.strip("| ").split(" | ")


def card_with(**parts) -> str:
    return model_card(MANIFEST, evaluation(**parts))


def set_coverage(
    data: str, level: float, group_by: str, group: str, share: float, mean_size: float, n: int = 615
) -> SetCoverage:
    return SetCoverage(
        data=data, level=level, group_by=group_by, group=group, coverage=figure(share, n), size=figure(mean_size, n)
    )


def full() -> Evaluation:
    told = NotLesions(described="40 drawings", auroc=figure(0.97), flagged_others=figure(0.9, 40), flagged_lesions={})
    return evaluation(
        rows=(row(),),
        reliability=(Reliability(data="MILK10k", bins=BINS),),
        doubts=(doubt("MILK10k", "predictive entropy", 0.2),),
        sets=tuple(set_coverage("MILK10k", 0.9, *group, 0.9, 2) for group in GROUPS),
        operating_points=(point(0.95, 0.6),),
        subgroups=(Subgroup(data="MILK10k", group_by="sex", group="female", n=2, figures={}),),
        mask_dice=figure(0.9),
        not_lesions=told,
    )


def full_card() -> str:
    return model_card(MANIFEST, full())


def test_the_figures_are_the_metrics_and_the_calibration_error():
    head, rule, line = figures_table(evaluation(rows=(row(),))).splitlines()
    assert cells(head) == ["data set (validation part)", "given", "n", "classes", *METRICS, "ECE"]
    assert cells(rule) == ["---"] * 10
    assert cells(line)[:4] == ["MILK10k", "both photos", "615", "11"]
    assert cells(line)[4:] == [f"0.1{place}0 (0.{9 + place:02}0 to 0.1{place + 1}0)" for place in range(6)]


def test_a_figure_that_is_missing_or_not_defined_is_a_dash():
    figures = {"macro AUC": figure(0.8), "melanoma AUC": Figure(value=NAN, low=NAN, high=NAN, n=615)}
    less = Row(data="MILK10k", given="notes", classes=1, figures=figures)
    *_, line = figures_table(evaluation(rows=(row(), less))).splitlines()
    assert cells(line)[4:] == ["–", "0.800 (0.790 to 0.810)", "–", "–", "–", "–"]


def test_the_card_says_what_the_model_is_and_is_not():
    card = card_with(rows=(row(),))
    assert DISCLAIMER in card
    assert "0123" in section(card, "What it is")
    assert "discharges nobody" in section(card, "What it is for")
    data = section(card, "Training data")
    assert "3 cases trained on, 2 calibrated on, 1 held for validation" in data
    assert data.index("short: `{'epochs': 2}`") < data.index("long: `{'epochs': 8}`")
    assert "clinical 1.25, notes 0.50" in section(card, "Calibration")
    assert "any malignancy 0.300; melanoma 0.100" in section(card, "Calibration")
    assert "dark skin" in section(card, "Limits")


def test_what_was_not_measured_has_no_heading():
    card = card_with()
    headings = [line.removeprefix("## ") for line in card.splitlines() if line.startswith("## ")]
    assert headings == ["What it is", "What it is for", "Training data", "Calibration", "Limits"]
    assert "|" not in card
    assert ".svg" not in card


def test_parts_are_divided_by_one_blank_line_and_a_table_by_none():
    card = full_card()
    assert "\n\n\n" not in card
    assert card.endswith(".\n")
    for above, line in pairwise(card.splitlines()):
        if line.startswith("| "):
            assert above == "" or above.startswith("| ")


def test_everything_measured_has_its_heading_in_order():
    headings = [line.removeprefix("## ") for line in full_card().splitlines() if line.startswith("## ")]
    first = ["What it is", "What it is for", "Training data", "Figures", "Acceptance criteria", "Calibration"]
    assert headings == [*first, *PARTS, "Limits"]


def test_calibration_has_its_own_table_and_the_charts_are_linked():
    card = full_card()
    calibration = section(card, "Calibration")
    head, _, line = [line for line in calibration.splitlines() if line.startswith("|")]
    assert cells(head)[4:] == list(CALIBRATION)
    assert [cell.split()[0] for cell in cells(line)[4:]] == ["0.150", "0.160", "0.170", "0.180", "0.190", "0.200"]
    assert "](reliability.svg)" in calibration
    assert "](risk_coverage.svg)" in section(card, "Uncertainty")


def doubtful(**aurocs: tuple[float, str]) -> str:
    """The section on uncertainty for scores on MILK10k, and one on another set that is better than any."""
    scores = [
        doubt("MILK10k", name, 0.2).model_copy(update={"error_auroc": figure(value, 300)}) for value, name in aurocs.values()
    ]
    other = doubt("PAD-UFES-20", "another score", 0.1).model_copy(update={"error_auroc": figure(0.99)})
    return section(card_with(doubts=(*scores, other)), "Uncertainty")


def test_the_winner_on_milk10k_is_named_and_mutual_information_too_when_it_does_not_win():
    text = doubtful(a=(0.7, "predictive entropy"), b=(0.65, "mutual information"), c=(NAN, "broken"))
    assert "On MILK10k, predictive entropy finds the errors best (error AUROC 0.700 (0.690 to 0.710))." in text
    assert "Monte Carlo mutual information does not win: 0.650 (0.640 to 0.660)." in text


@pytest.mark.parametrize("other", [0.6, 0.7])
def test_nothing_is_said_against_mutual_information_when_nothing_beats_it(other):
    assert "does not win" not in doubtful(a=(other, "predictive entropy"), b=(0.7, "mutual information"))


def test_mutual_information_of_something_else_is_not_taken_for_monte_carlos():
    text = doubtful(a=(0.6, "ensemble, mutual information"), b=(0.7, "predictive entropy"), c=(0.65, "mutual information"))
    assert "Monte Carlo mutual information does not win: 0.650" in text
    assert "does not win" not in doubtful(a=(0.6, "ensemble, mutual information"), b=(0.7, "predictive entropy"))


def test_uncertainty_shows_every_score_of_every_set():
    lines = [cells(line) for line in doubtful(a=(0.7, "predictive entropy")).splitlines() if line.startswith("|")][2:]
    assert [line[:3] for line in lines] == [
        ["MILK10k", "predictive entropy", "0.700 (0.690 to 0.710)"],
        ["PAD-UFES-20", "another score", "0.990 (0.980 to 1.000)"],
    ]
    assert lines[0][3:] == ["0.500 (0.400 to 0.600)"] * 2


def test_prediction_sets_show_all_malignant_and_melanoma_at_each_level():
    sets = [
        set_coverage("MILK10k", level, *group, level - place / 100, place + 1)
        for level in (0.9, 0.95)
        for place, group in enumerate(GROUPS)
    ]
    sets.append(set_coverage("PAD-UFES-20", 0.9, "all", "all", 0.8, 4))
    lines = [cells(line) for line in section(card_with(sets=tuple(sets)), "Prediction sets").splitlines() if "|" in line]
    assert lines[0][:4] == ["data set", "level", "all: coverage", "all: mean size"]
    shown = [[cell.split(" (")[0] for cell in line] for line in lines[2:5]]
    assert shown == [
        ["MILK10k", "90 %", "0.900", "1.00", "0.890", "2.00", "0.880", "3.00"],
        ["MILK10k", "95 %", "0.950", "1.00", "0.940", "2.00", "0.930", "3.00"],
        ["PAD-UFES-20", "90 %", "0.800", "4.00", "–", "–", "–", "–"],
    ]
    assert lines[5] == ["data set", "diagnosis", "coverage", "n"]
    assert ["MILK10k", "MEL", "0.930", "615"] in [[cell.split(" (")[0] for cell in line] for line in lines[7:]]


def test_urgency_is_told_by_what_the_cases_were():
    shares = {Urgency.REVIEW_8_WEEKS: figure(0.1, 50), Urgency.SUSPECTED_CANCER: figure(0.9, 50)}
    told = (
        Urgencies(data="MILK10k", truth="melanoma", shares=shares),
        Urgencies(data="MILK10k", truth="benign", shares={Urgency.REVIEW_8_WEEKS: figure(1.0, 30)}),
    )
    head, _, melanoma, benign = [
        cells(line) for line in section(card_with(urgencies=told), "Urgency").splitlines() if line.startswith("|")
    ]
    assert head == ["data set", "truth", "n", "suspected cancer", "review 8 weeks"]
    assert melanoma[:4] == ["MILK10k", "melanoma", "50", "0.900 (0.890 to 0.910)"]
    assert benign[2:4] == ["30", "none"]


def test_operating_points_are_told_in_natural_frequencies():
    told = point(0.95, 0.6, target="a malignancy")
    text = section(card_with(operating_points=(told,)), "Operating points")
    head, _, line = [cells(line) for line in text.splitlines() if line.startswith("|")]
    assert head[5:] == [f"PPV / NPV at {percent} %" for percent in (1, 6, 20)]
    assert line[:3] == ["a set", "a malignancy", "0.500"]
    assert line[3].startswith("0.950 (")
    assert line[3].endswith("n = 100")
    six = told.at_prevalence[1]
    ppv, npv = (f"({each.low:.3f} to {each.high:.3f})" for each in (six.ppv, six.npv))
    assert line[6] == f"{570 / (570 + 3760):.3f} {ppv} / {5640 / (5640 + 30):.3f} {npv}"
    assert "- a set, 6 %: Of 1,000 such patients, about 60 have a malignancy; 57 of them are found, 3 are missed." in text
    assert text.count("- a set, ") == 3


def test_a_point_with_few_cases_has_dashes_and_is_called_untested():
    few = point(1, 1, n=7, target="a melanoma")
    text = section(card_with(operating_points=(few, point(0.95, 0.6, target="a malignancy"))), "Operating points")
    assert "n = 7 | – | – | – |" in text
    assert "- a set: Untested for a melanoma: n = 7 with it and 7 without, where fewer than 30 say too little." in text
    assert "patients, about 200 have a melanoma" not in text
    assert "patients, about 200 have a malignancy" in text


def test_a_model_has_the_limits_of_its_own_history_and_no_other():
    sentence = "The weights were trained in five sittings."
    own = model_card(MANIFEST.model_copy(update={"limits": (sentence,)}), evaluation())
    assert section(own, "Limits").endswith(f"- {sentence}\n")
    assert "sittings" not in card_with()
    assert "MAL_OTH" not in section(card_with(), "Limits")


def test_rare_diagnoses_are_named_with_their_counts():
    counts = {"BCC": 300, "MEL": 29, "MAL_OTH": 1, "NV": 30}
    sets = tuple(set_coverage("MILK10k", 0.9, "diagnosis", name, 0.9, 2, n) for name, n in counts.items())
    text = section(card_with(sets=sets), "Limits")
    assert "their figures are anecdotes: MILK10k `MEL` (29), MILK10k `MAL_OTH` (1)." in text
    assert "on MILK10k, `MAL_OTH` (n = 1) counts as much as `BCC` (n = 300)." in text
    assert "anecdotes" not in section(card_with(sets=sets[:1]), "Limits")


def test_the_acceptance_criteria_are_answered():
    text = section(model_card(MANIFEST, full()), "Acceptance criteria")
    lines = [cells(line) for line in text.splitlines() if line.startswith("|")]
    assert lines[0] == ["criterion", "limit", "figure", "n", "answer"]
    assert ["outline: mean Dice", "at least 0.92", "0.900 (0.890 to 0.910)", "615", "not met"] in lines
    assert ["novelty: AUROC against other photos", "at least 0.97", "0.970 (0.960 to 0.980)", "615", "met"] in lines
    assert ["PAD-UFES-20, ECE", "at most 0.06", "–", "–", "not measured"] in lines


def test_subgroups_that_are_too_small_are_named_as_untested():
    large = Subgroup(data="MILK10k", group_by="sex", group="female", n=30, figures={"macro AUC": figure(0.8, 30)})
    small = Subgroup(data="MILK10k", group_by="skin tone", group="0", n=29, figures={})
    smaller = Subgroup(data="PAD-UFES-20", group_by="site", group="foot", n=1, figures={})
    text = section(card_with(subgroups=(small, large, smaller)), "Subgroups")
    assert "UNTESTED, with fewer than 30 cases (n): MILK10k, skin tone 0 (29); MILK10k, skin tone 1 (0);" in text
    assert "PAD-UFES-20, site foot (1);" in text
    head, _, line = [cells(line) for line in text.splitlines() if line.startswith("|")]
    assert head == ["data set", "by", "group", "n", *METRICS]
    assert line == ["MILK10k", "sex", "female", "30", "–", "0.800 (0.790 to 0.810)", "–", "–", "–"]
    assert "UNTESTED" not in section(card_with(subgroups=(large,)), "Subgroups")
    assert "|" not in section(card_with(subgroups=(small,)), "Subgroups")


def test_lesion_mask_and_photos_of_other_things():
    told = NotLesions(
        described="40 drawings of camera faults against 615 cases",
        auroc=figure(0.97, 655),
        flagged_others=figure(0.9, 40),
        flagged_lesions={"MILK10k": figure(0.05, 615)},
    )
    card = card_with(mask_dice=figure(0.92, 1288), not_lesions=told)
    assert "HAM10000: 0.920 (0.910 to 0.930), n = 1288." in section(card, "Lesion mask")
    text = section(card, "Photos that are not lesions")
    expected = (
        "40 drawings of camera faults against 615 cases: area under the ROC curve of the novelty score 0.970 (0.960 to 0.980)."
    )
    assert text.startswith(expected)
    assert "| not lesions | 40 | 0.900 (0.890 to 0.910) |\n| MILK10k | 615 | 0.050 (0.040 to 0.060) |" in text
