"""Figures as cells of a table: the value, and its interval below it."""

import math

from derm_xai import language
from derm_xai.evaluate.records import Figure, Row
from derm_xai.language import _
from derm_xai.ui.performance.words import range_words, share, share_range
from derm_xai.ui.tables import NOT_DEFINED, Cell

EMPTY = Cell("")


def decimal(figure: Figure | None, digits: int = 3) -> Cell:
    """Return a figure as a decimal number; an empty cell where it was not measured."""
    if figure is None:
        return EMPTY
    if math.isnan(figure.value):
        return Cell(_(NOT_DEFINED))
    note = "" if math.isnan(figure.low) else range_words(figure.low, figure.high, digits)
    return Cell(language.decimal(figure.value, digits), note)


def percent(figure: Figure | None, digits: int = 0, *, n: bool = False) -> Cell:
    """Return a share in per cent, with its n where the columns differ in it; an empty cell where it was not measured."""
    if figure is None:
        return EMPTY
    note = ", ".join(filter(None, (share_range(figure, digits), f"n = {language.decimal(figure.n, 0)}" if n else "")))
    return Cell(share(figure.value, digits), note)


def count(n: int) -> Cell:
    """Return a number of cases."""
    return Cell(language.decimal(n, 0))


def cases(row: Row) -> Cell:
    """Return how many cases a row is about."""
    return count(max((figure.n for figure in row.figures.values()), default=0))
