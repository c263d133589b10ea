"""Figures as cells of a table: the value, and its interval below it."""

import math

from derm_xai.evaluate.records import Figure, Row
from derm_xai.ui.performance.words import share, share_range
from derm_xai.ui.tables import NOT_DEFINED, Cell

EMPTY = Cell("")


def decimal(figure: Figure | None, digits: int = 3) -> Cell:
    """Return a figure as a decimal number; an empty cell where it was not measured."""
    if figure is None:
        return EMPTY
    if math.isnan(figure.value):
        return Cell(NOT_DEFINED)
    note = "" if math.isnan(figure.low) else f"{figure.low:.{digits}f} to {figure.high:.{digits}f}"
    return Cell(f"{figure.value:.{digits}f}", note)


def percent(figure: Figure | None, *, n: bool = False) -> Cell:
    """Return a share in per cent, with its n where the columns differ in it; an empty cell where it was not measured."""
    if figure is None:
        return EMPTY
    note = ", ".join(filter(None, (share_range(figure), f"n = {figure.n:,}" if n else "")))
    return Cell(share(figure.value), note)


def count(n: int) -> Cell:
    """Return a number of cases."""
    return Cell(f"{n:,}")


def cases(row: Row) -> Cell:
    """Return how many cases a row is about."""
    return count(max((figure.n for figure in row.figures.values()), default=0))
