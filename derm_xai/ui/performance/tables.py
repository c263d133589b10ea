"""The tables of the Performance page, from the records of an evaluation alone."""

from collections.abc import Iterable, Sequence

from derm_xai import language
from derm_xai.evaluate.criteria import Answer
from derm_xai.evaluate.metrics import CALIBRATION
from derm_xai.evaluate.operating import natural_frequencies
from derm_xai.evaluate.records import (
    Doubt,
    Evaluation,
    NotLesions,
    OperatingPoint,
    Reliability,
    Row,
)
from derm_xai.language import _, later
from derm_xai.train.calibrate import SENSITIVITY
from derm_xai.ui.performance import words
from derm_xai.ui.performance.cells import EMPTY, cases, count, decimal, percent
from derm_xai.ui.tables import Cell, Line, table

GLANCE = {
    "balanced accuracy": later("The leading diagnosis is right, averaged over the diagnoses"),
    "melanoma AUC": later("A melanoma gets a higher chance of melanoma than another lesion"),
    "malignancy AUC": later("A malignant lesion gets a higher chance of malignancy than another"),
    "ECE": later("Mean gap between the chance stated and the share that is right"),
}
ONE_ANSWER = later("Naming one and the same diagnosis for all would give")


def glance(rows: Iterable[Row]) -> str:
    """Return the headline figures, a column for each data set, with all that the model can be given there."""
    fullest = list({row.data: row for row in rows}.values())
    lines: list[Line] = [(_("Cases"), *(cases(row) for row in fullest))]
    lines.append((_("Diagnoses among them"), *(count(row.classes) for row in fullest)))
    for name, text in GLANCE.items():
        if any(name in row.figures for row in fullest):
            lines.append((_(text), *(percent(row.figures.get(name)) for row in fullest)))
        if name == "balanced accuracy":
            lines.append((_(ONE_ANSWER), *(Cell(words.share(1 / row.classes)) for row in fullest)))
    return table(_("The main figures"), (_("Figure"), *(f"{_(row.data)}, {_(row.given)}" for row in fullest)), lines)


def acceptance(told: Iterable[Answer]) -> str:
    """Return each acceptance criterion with the figure that answers it."""
    lines: Iterable[Line] = (
        (
            ", ".join(map(_, criterion.of)),
            criterion.bound,
            decimal(figure),
            count(figure.n) if figure else EMPTY,
            _(verdict),
        )
        for criterion, figure, verdict in told
    )
    return table(_("Acceptance criteria"), (_("Criterion"), _("Limit"), _("Measured"), "n", _("Answer")), lines)


def accuracy_names(evaluation: Evaluation) -> tuple[str, ...]:
    """Return the metrics that rank, in the record's order."""
    return tuple(dict.fromkeys(name for row in evaluation.rows for name in row.figures if name not in CALIBRATION))


def calibration_names(evaluation: Evaluation) -> tuple[str, ...]:
    """Return the metrics of calibration that were measured."""
    return tuple(name for name in CALIBRATION if any(name in row.figures for row in evaluation.rows))


def metrics(rows: Iterable[Row], names: Sequence[str], caption: str) -> str:
    """Return these metrics of every row."""
    lines: Iterable[Line] = (
        (_(row.data), _(row.given), cases(row), count(row.classes), *(decimal(row.figures.get(n)) for n in names))
        for row in rows
        if any(name in row.figures for name in names)
    )
    return table(caption, (_("Data set"), _("Given"), "n", _("Diagnoses"), *map(words.title, names)), lines)


def bins(diagrams: Iterable[Reliability]) -> str:
    """Return the points of the reliability diagrams."""
    lines = (
        (_(diagram.data), Cell(words.share(each.confidence)), Cell(words.share(each.accuracy)), count(each.n))
        for diagram in diagrams
        for each in diagram.bins
    )
    return table(_("The points of the diagrams"), (_("Data set"), _("Chance stated, mean"), _("Right"), "n"), lines)


def doubts(scores: Iterable[Doubt]) -> str:
    """Return how well each uncertainty score finds the errors of one data set."""
    lines = (
        (
            _(each.score),
            decimal(each.error_auroc),
            decimal(each.aurc),
            percent(each.error_left),
            count(each.aurc.n),
        )
        for each in scores
    )
    return table(_("Uncertainty scores"), (_("Score of doubt"), *words.doubt_heads(), "n"), lines)


def operating(points: Iterable[OperatingPoint]) -> str:
    """Return what each frozen limit finds and lets be, beside what it was to find."""
    found = (_("Flagged of those who have it (sensitivity)"), _("Aimed at"), _("Not flagged of the others (specificity)"))
    aim = Cell(words.level(SENSITIVITY))
    lines: Iterable[Line] = (
        (
            _(each.data),
            _(each.target),
            Cell(language.decimal(each.threshold, 3)),
            percent(each.sensitivity, n=True),
            aim,
            percent(each.specificity, n=True),
        )
        for each in points
    )
    return table(_("Operating points"), (_("Data set"), _("Looked for"), _("Flagged from a chance of"), *found), lines)


def patients(points: Iterable[OperatingPoint]) -> str:
    """Return what each threshold does to 1,000 patients, by how many of them have what is looked for; empty where untested."""
    lines: list[Line] = [
        (
            _("{share} have {target}").format(share=words.level(each.prevalence), target=_(point.target)),
            natural_frequencies(point, each.prevalence),
            *(percent(value, 1, n=True) for value in (each.ppv, each.npv)),
        )
        for point in points
        for each in point.at_prevalence
    ]
    head = (_("Where"), _("What happens"), _("Right to flag (PPV)"), _("Right not to (NPV)"))
    return table(_("Patients"), head, lines) if lines else ""


def flagged(told: NotLesions) -> str:
    """Return the share of photos that the check for other photos flags."""
    named = {later("Photos of other things"): told.flagged_others, **told.flagged_lesions}
    lines = ((_(name), percent(figure), count(figure.n)) for name, figure in named.items())
    return table(_("Photos flagged as unlike the training photos"), (_("Photos"), _("Flagged"), "n"), lines)
