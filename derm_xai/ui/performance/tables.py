"""The tables of the Performance page, from the records of an evaluation alone."""

from collections.abc import Iterable, Sequence

from derm_xai.evaluate.metrics import CALIBRATION
from derm_xai.evaluate.records import (
    Doubt,
    Evaluation,
    NotLesions,
    OperatingPoint,
    Reliability,
    Row,
)
from derm_xai.ui.performance import words
from derm_xai.ui.performance.cells import cases, count, decimal, percent
from derm_xai.ui.performance.sentences import frequencies
from derm_xai.ui.tables import Cell, Line, table

GLANCE = {
    "balanced accuracy": "The leading diagnosis is right, averaged over the diagnoses",
    "melanoma AUC": "A melanoma gets a higher chance of melanoma than another lesion",
    "malignancy AUC": "A malignant lesion gets a higher chance of malignancy than another",
    "ECE": "Mean gap between the chance stated and the share that is right",
}
ONE_ANSWER = "Naming one and the same diagnosis for all would give"


def glance(rows: Iterable[Row]) -> str:
    """Return the headline figures, a column for each data set, with all that the model can be given there."""
    fullest = list({row.data: row for row in rows}.values())
    lines: list[Line] = [("Cases", *(cases(row) for row in fullest))]
    lines.append(("Diagnoses among them", *(count(row.classes) for row in fullest)))
    for name, text in GLANCE.items():
        if any(name in row.figures for row in fullest):
            lines.append((text, *(percent(row.figures.get(name)) for row in fullest)))
        if name == "balanced accuracy":
            lines.append((ONE_ANSWER, *(Cell(words.share(1 / row.classes)) for row in fullest)))
    return table("The main figures", ("Figure", *(f"{row.data}, {row.given}" for row in fullest)), lines)


def accuracy_names(evaluation: Evaluation) -> tuple[str, ...]:
    """Return the metrics that rank, in the record's order."""
    return tuple(dict.fromkeys(name for row in evaluation.rows for name in row.figures if name not in CALIBRATION))


def calibration_names(evaluation: Evaluation) -> tuple[str, ...]:
    """Return the metrics of calibration that were measured."""
    return tuple(name for name in CALIBRATION if any(name in row.figures for row in evaluation.rows))


def metrics(rows: Iterable[Row], names: Sequence[str], caption: str) -> str:
    """Return these metrics of every row."""
    lines: Iterable[Line] = (
        (row.data, row.given, cases(row), count(row.classes), *(decimal(row.figures.get(n)) for n in names))
        for row in rows
        if any(name in row.figures for name in names)
    )
    return table(caption, ("Data set", "Given", "n", "Diagnoses", *map(words.title, names)), lines)


def bins(diagrams: Iterable[Reliability]) -> str:
    """Return the points of the reliability diagrams."""
    lines = (
        (diagram.data, Cell(words.share(each.confidence)), Cell(words.share(each.accuracy)), count(each.n))
        for diagram in diagrams
        for each in diagram.bins
    )
    return table("The points of the diagrams", ("Data set", "Chance stated, mean", "Right", "n"), lines)


def doubts(scores: Iterable[Doubt]) -> str:
    """Return how well each uncertainty score finds the errors of one data set."""
    lines = (
        (
            each.score,
            decimal(each.error_auroc),
            decimal(each.aurc),
            percent(each.error_left),
            count(each.aurc.n),
        )
        for each in scores
    )
    return table("Uncertainty scores", ("Score of doubt", *words.DOUBT_MEANING, "n"), lines)


def operating(points: Iterable[OperatingPoint]) -> str:
    """Return what each frozen threshold finds and lets be."""
    head = ("Data set", "Looked for", "Refer from a chance of", "Referred of those who have it (sensitivity)")
    lines: Iterable[Line] = (
        (
            each.data,
            each.target,
            Cell(f"{each.threshold:.3f}"),
            *(percent(rate, n=True) for rate in (each.sensitivity, each.specificity)),
        )
        for each in points
    )
    return table("Operating points", (*head, "Not referred of the others (specificity)"), lines)


def patients(points: Iterable[OperatingPoint]) -> str:
    """Return what each threshold does to 1,000 patients, by how many of them have what is looked for."""
    lines = (
        (
            f"{words.level(each.prevalence)} have {point.target}",
            frequencies(point, each.prevalence),
            _share(each.ppv),
            _share(each.npv),
        )
        for point in points
        for each in point.at_prevalence
    )
    return table("Patients", ("Where", "What happens", "Right to refer (PPV)", "Right not to (NPV)"), lines)


def flagged(told: NotLesions) -> str:
    """Return the share of photos that the check for other photos flags."""
    named = {"Photos of other things": told.flagged_others, **told.flagged_lesions}
    lines = ((name, percent(figure), count(figure.n)) for name, figure in named.items())
    return table("Photos flagged as unlike the training photos", ("Photos", "Flagged", "n"), lines)


def _share(value: float) -> Cell:
    return Cell(words.share(value, 1))
