"""The parts of the model card that follow from the evaluation. Each is an empty text where nothing was measured."""

import math
from collections.abc import Iterable, Mapping, Sequence

from derm_xai.evaluate.criteria import Answer, tally
from derm_xai.evaluate.figures import RELIABILITY, RISK_COVERAGE
from derm_xai.evaluate.metrics import CALIBRATION, METRICS
from derm_xai.evaluate.operating import natural_frequencies, untested
from derm_xai.evaluate.records import UNTESTED_BELOW, Doubt, Evaluation, Figure, OperatingPoint, Row, SetCoverage
from derm_xai.evaluate.subgroups import untested as untested_groups
from derm_xai.vocabulary import Diagnosis, Urgency

MAIN_SET = "MILK10k"
MUTUAL_INFORMATION = "mutual information"
"""Of the Monte Carlo samples, which cost a pass each: the card says so when a cheaper score finds the errors better."""
SHOWN_SETS = {"all": ("all", "all"), "malignant": ("malignant", "malignant"), "MEL": ("diagnosis", "MEL")}
MISSING = "–"
PROMISED = 0.95
NOISY = """\
Intervals of calibration errors lie too high, since a resample adds noise that the error counts: hold the figure itself
against what chance leaves."""


def figures_table(evaluation: Evaluation) -> str:
    """Return the figures as a Markdown table, each with its 95 % interval."""
    return _rows(evaluation, (*METRICS, "ECE"))


def criteria(told: Sequence[Answer]) -> str:
    """Return the acceptance criteria, the figure that answers each, and whether it is met."""
    if not any(each.figure for each in told):
        return ""
    return paragraphs(
        "## Acceptance criteria\n"
        f"{tally(told)} They stand in docs/evaluation-protocol.md.\n"
        "A figure alone decides; where its interval holds the limit, another sample might decide otherwise.",
        table(("criterion", "limit", "figure", "n", "answer"), map(_answer, told)),
    )


def calibration(evaluation: Evaluation) -> str:
    """Return the calibration errors of each row, and the reliability diagrams."""
    measured = any(name in row.figures for row in evaluation.rows for name in CALIBRATION)
    return paragraphs(
        _rows(evaluation, tuple(CALIBRATION)) if measured else "",
        NOISY if measured else "",
        f"![Reliability: share that is right against confidence]({RELIABILITY})" if evaluation.reliability else "",
    )


def uncertainty(evaluation: Evaluation) -> str:
    """Return how well each uncertainty score finds the errors, and which does it best."""
    if not evaluation.doubts:
        return ""
    head = ("data set", "score", "error AUROC", "AURC", "error left at 80 %")
    lines = ([each.data, each.score, *map(shown, (each.error_auroc, each.aurc, each.error_left))] for each in evaluation.doubts)
    return paragraphs(
        "## Uncertainty\n"
        "Error AUROC: how well the score tells wrong leading classes from right ones (0.5 is chance). AURC: the error\n"
        "averaged over all coverages, surest cases first. Error left at 80 %: the error once the fifth of the cases with the\n"
        "highest score is handed on, as a share of the error of all.",
        table(head, lines),
        _winner([each for each in evaluation.doubts if each.data == MAIN_SET and not math.isnan(each.error_auroc.value)]),
        f"![Risk and coverage: error among the surest cases]({RISK_COVERAGE})",
    )


def prediction_sets(evaluation: Evaluation) -> str:
    """Return coverage and size of the prediction sets for all cases, the malignant ones and melanoma."""
    if not evaluation.sets:
        return ""
    entries = {(each.data, each.level, each.group_by, each.group): each for each in evaluation.sets}
    places = dict.fromkeys((each.data, each.level) for each in evaluation.sets)
    head = ("data set", "level", *(f"{group}: {what}" for group in SHOWN_SETS for what in ("coverage", "mean size")))
    lines = (
        [
            place[0],
            _percent(place[1]),
            *(cell for key in SHOWN_SETS.values() for cell in _set_cells(entries.get((*place, *key)))),
        ]
        for place in places
    )
    return paragraphs(
        "## Prediction sets\nCoverage: the share of the cases whose true class is in the set, to be held against the level.",
        table(head, lines),
        "Of each diagnosis, the share of its cases that the 95 % sets hold:",
        table(("data set", "diagnosis", "coverage", "n"), map(_of_diagnosis, _by_diagnosis(evaluation))),
        "The evaluation beside this card holds the same for every image type and skin tone.",
    )


def _by_diagnosis(evaluation: Evaluation) -> list[SetCoverage]:
    return [each for each in evaluation.sets if each.group_by == "diagnosis" and each.level == PROMISED]


def _of_diagnosis(entry: SetCoverage) -> tuple[str, ...]:
    few = " (untested)" if entry.coverage.n < UNTESTED_BELOW else ""
    return entry.data, entry.group, shown(entry.coverage), f"{entry.coverage.n}{few}"


def operating_points(evaluation: Evaluation) -> str:
    """Return what each threshold finds, and what that means for 1,000 patients."""
    points = evaluation.operating_points
    if not points:
        return ""
    prevalences = tuple(dict.fromkeys(at.prevalence for point in points for at in point.at_prevalence))
    head = ("data set", "looked for", "threshold", "sensitivity", "specificity")
    values = (f"PPV / NPV at {_percent(prevalence)}" for prevalence in prevalences)
    return paragraphs(
        "## Operating points\n"
        "Thresholds chosen on the calibration part. Predictive values by Bayes' rule, where that share of the patients has\n"
        "what is looked for.",
        table((*head, *values), ([*_point(point), *_predictive_values(point, prevalences)] for point in points)),
        "\n".join(line for point in points for line in _sentences(point)),
    )


def urgencies(evaluation: Evaluation) -> str:
    """Return what was asked for, by what the cases turned out to be."""
    if not evaluation.urgencies:
        return ""
    asked = [urgency for urgency in reversed(Urgency) if any(urgency in each.shares for each in evaluation.urgencies)]
    lines = (
        [
            each.data,
            each.truth,
            f"{next(iter(each.shares.values())).n}",
            *(shown(each.shares[urgency]) if urgency in each.shares else "none" for urgency in asked),
        ]
        for each in evaluation.urgencies
    )
    return paragraphs(
        "## Urgency\n"
        "What the rules and the model's limits together asked for, from the photos and the answers that a set holds, as a\n"
        "share of the cases. MILK10k and HAM10000 hold no answers on growth, change and bleeding; without them nobody is\n"
        "reassured.",
        table(("data set", "truth", "n", *(urgency.replace("_", " ") for urgency in asked)), lines),
    )


def subgroups(evaluation: Evaluation) -> str:
    """Return the figures of each subgroup that has enough cases, and the names of those that have not."""
    if not evaluation.subgroups:
        return ""
    tested = [each for each in evaluation.subgroups if each.n >= UNTESTED_BELOW]
    few = [
        f"{data}, {by} {group} ({n})"
        for data in dict.fromkeys(each.data for each in evaluation.subgroups)
        for by, group, n in untested_groups([each for each in evaluation.subgroups if each.data == data])
    ]
    lines = ([each.data, each.group_by, each.group, f"{each.n}", *_cells(each.figures, METRICS)] for each in tested)
    return paragraphs(
        "## Subgroups\nMacro figures are over the classes that a subgroup holds: two subgroups may differ by that alone.\n"
        "Where a class has a handful of cases, they and their intervals say little.\n"
        f"An AUC that would rest on fewer than {UNTESTED_BELOW} melanomas or malignancies, or others, is left out.",
        table(("data set", "by", "group", "n", *METRICS), lines) if tested else "",
        f"UNTESTED, with fewer than {UNTESTED_BELOW} cases (n): {'; '.join(few)}." if few else "",
    )


def paragraphs(*texts: str) -> str:
    """Return the texts that are not empty, a blank line between them."""
    return "\n\n".join(text for text in texts if text)


def _rows(evaluation: Evaluation, names: Sequence[str]) -> str:
    melanomas = {each.data: each.coverage.n for each in _by_diagnosis(evaluation) if each.group == Diagnosis.MEL}
    columns = [name for name in names if any(name in row.figures for row in evaluation.rows)]
    lines = (
        [row.data, row.given, f"{_n(row)}", f"{row.classes}", *_cells(row.figures, columns, melanomas.get(row.data))]
        for row in evaluation.rows
    )
    return table(("data set (validation part)", "given", "n", "classes", *columns), lines)


def _n(row: Row) -> int:
    return next(iter(row.figures.values())).n


def _answer(told: Answer) -> tuple[str, ...]:
    criterion, figure, verdict = told
    measured = (shown(figure), f"{figure.n}") if figure else (MISSING, MISSING)
    return ", ".join(criterion.of), criterion.bound, *measured, verdict


def _winner(doubts: Sequence[Doubt]) -> str:
    if not doubts:
        return ""
    best = max(doubts, key=lambda each: each.error_auroc.value)
    sentence = f"On {MAIN_SET}, {best.score} finds the errors best (error AUROC {shown(best.error_auroc)})."
    mutual = next((each for each in doubts if each.score == MUTUAL_INFORMATION), best)
    if mutual.error_auroc.value >= best.error_auroc.value:
        return sentence
    return f"{sentence} Monte Carlo {MUTUAL_INFORMATION} does not win: {shown(mutual.error_auroc)}."


def _set_cells(entry: SetCoverage | None) -> tuple[str, str]:
    return (shown(entry.coverage), shown(entry.size, 2)) if entry else (MISSING, MISSING)


def _point(point: OperatingPoint) -> tuple[str, ...]:
    rates = (f"{shown(rate)}, n = {rate.n}" for rate in (point.sensitivity, point.specificity))
    return point.data, point.target, f"{point.threshold:.3f}", *rates


def _predictive_values(point: OperatingPoint, prevalences: Sequence[float]) -> list[str]:
    values = {at.prevalence: f"{shown(at.ppv)} / {shown(at.npv)}" for at in point.at_prevalence}
    return [values.get(prevalence, MISSING) for prevalence in prevalences]


def _sentences(point: OperatingPoint) -> list[str]:
    if not point.at_prevalence:
        return [f"- {point.data}: {untested(point)}"]
    at = [each.prevalence for each in point.at_prevalence]
    return [f"- {point.data}, {_percent(each)}: {natural_frequencies(point, each)}" for each in at]


def _cells(figures: Mapping[str, Figure], names: Iterable[str], melanomas: int | None = None) -> list[str]:
    """Return the figures; one that rests on few melanomas says on how many."""
    few = f", {melanomas} melanomas" if melanomas is not None and melanomas < UNTESTED_BELOW else ""
    return [shown(figures[name]) + few * (name == "melanoma AUC") if name in figures else MISSING for name in names]


def shown(figure: Figure, digits: int = 3) -> str:
    """Return a figure with its interval, or a dash."""
    if math.isnan(figure.value):
        return MISSING
    return f"{figure.value:.{digits}f} ({figure.low:.{digits}f} to {figure.high:.{digits}f})"


def _percent(share: float) -> str:
    return f"{100 * share:g} %"


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *lines))
