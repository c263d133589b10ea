"""The tables that go through the cases part by part: prediction sets and subgroups."""

from collections.abc import Iterable, Sequence

from derm_xai.evaluate.records import UNTESTED_BELOW, SetCoverage, Subgroup
from derm_xai.language import _
from derm_xai.ui.performance.cells import EMPTY, count, decimal, percent
from derm_xai.ui.performance.words import group_words, level, title
from derm_xai.ui.tables import Cell, Line, table


def sets(entries: Sequence[SetCoverage]) -> str:
    """Return coverage and size of the prediction sets of one data set, a row for each part of the cases."""
    aims = sorted({each.level for each in entries})
    at = {(each.group_by, each.group, each.level): each for each in entries}
    heads = (_heads(level(aim)) for aim in aims)
    lines: Iterable[Line] = (
        (
            group_words(*part),
            count(max(each.coverage.n for each in entries if (each.group_by, each.group) == part)),
            *(cell for aim in aims for cell in _set_cells(at.get((*part, aim)))),
        )
        for part in dict.fromkeys((each.group_by, each.group) for each in entries)
    )
    return table(_("Prediction sets"), (_("Cases"), "n", *(head for pair in heads for head in pair)), lines)


def subgroups(parts: Sequence[Subgroup]) -> str:
    """Return the figures of the subgroups of one data set that have enough cases; empty where none has."""
    tested = [each for each in parts if each.n >= UNTESTED_BELOW]
    names = tuple(dict.fromkeys(name for each in tested for name in each.figures))
    lines: Iterable[Line] = (
        (
            group_words(each.group_by, each.group),
            count(each.n),
            *(decimal(each.figures.get(name)) for name in names),
        )
        for each in tested
    )
    return table(_("Subgroups"), (_("Part"), "n", *map(title, names)), lines) if tested else ""


def _heads(aim: str) -> tuple[str, str]:
    return _("Holds the truth, aim {aim}").format(aim=aim), _("Diagnoses named, aim {aim}").format(aim=aim)


def _set_cells(entry: SetCoverage | None) -> tuple[Cell, Cell]:
    return (percent(entry.coverage), decimal(entry.size, 1)) if entry else (EMPTY, EMPTY)
