"""Tables of figures as HTML: words at the left, numbers at the right with their interval below them. All text is escaped."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from derm_xai.language import later

NOT_DEFINED = later("not defined")


class Cell(NamedTuple):
    """A number as text, and its interval or n in the quieter colour."""

    text: str
    note: str = ""


Line = Sequence[str | Cell]


def table(caption: str, head: Sequence[str], rows: Iterable[Line]) -> str:
    """Return a table that scrolls by itself where it is too wide. A `Cell` is a number, and its column stands at the right."""
    lines = tuple(rows)
    columns = tuple(_column(line[at] for line in lines) for at in range(len(head)))
    names = "".join(f"<th{_class(column)}>{escape(name)}</th>" for name, column in zip(head, columns, strict=True))
    body = "".join(f"<tr>{''.join(map(_cell, line, range(len(line)), columns))}</tr>" for line in lines)
    return (
        # what scrolls has to be reached by keyboard
        f'<div class="wide" tabindex="0" role="group" aria-label="{escape(caption)}">'
        f'<table class="rows figures"><caption class="aside">{escape(caption)}</caption>'
        f"<thead><tr>{names}</tr></thead><tbody>{body}</tbody></table></div>"
    )


class _Column(NamedTuple):
    number: bool
    ranged: bool


def _column(cells: Iterable[str | Cell]) -> _Column:
    numbers = [cell for cell in cells if isinstance(cell, Cell)]
    return _Column(bool(numbers), any(cell.note for cell in numbers))


def _cell(content: str | Cell, place: int, column: _Column) -> str:
    text, note = content if isinstance(content, Cell) else (content, "")
    inside = escape(text) + (f'<span class="range">{escape(note)}</span>' if column.ranged else "")
    return f'<th scope="row">{inside}</th>' if place == 0 else f"<td{_class(column)}>{inside}</td>"


def _class(column: _Column) -> str:
    return ' class="num"' if column.number else ""
