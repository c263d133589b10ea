"""The notes fields that the model scores, and the level each answer falls in.

Level 0 of every field is "not recorded". The network pins it to zero evidence: a missing answer says nothing.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from derm_xai.language import later
from derm_xai.records import ClinicalContext
from derm_xai.vocabulary import AnatomSite, Sex

NOT_RECORDED = later("not recorded")


class Field(NamedTuple):
    """A scored field: its name in ClinicalContext, its levels, and the level (from 1) of a recorded value."""

    name: str
    levels: tuple[str, ...]
    level: Callable[[Any], int]


def _choice(name: str, values: tuple[Any, ...]) -> Field:
    return Field(name, (NOT_RECORDED, *map(str, values)), lambda value: 1 + values.index(value))


def _yes_no(name: str) -> Field:
    return Field(name, (NOT_RECORDED, later("no"), later("yes")), lambda value: 1 + int(value))


_DECADES = (later("under 20"), *(f"{age} to {age + 9}" for age in range(20, 80, 10)), later("80 or over"))

FIELDS: tuple[Field, ...] = (
    Field("age", (NOT_RECORDED, *_DECADES), lambda age: min(max(age // 10, 1), 8)),
    _choice("sex", tuple(Sex)),
    _choice("anatom_site", tuple(AnatomSite)),
    _choice("skin_tone", tuple(range(6))),
    _choice("fitzpatrick", tuple(range(1, 7))),
    *map(
        _yes_no,
        ("itch", "grew", "hurt", "changed", "bleed", "elevation", "skin_cancer_history", "cancer_history"),
    ),
)


def encode(context: ClinicalContext) -> tuple[int, ...]:
    """Return the level of each of FIELDS, 0 where nothing is recorded."""
    values = ((field, getattr(context, field.name)) for field in FIELDS)
    return tuple(0 if value is None else field.level(value) for field, value in values)


def field_names() -> tuple[str, ...]:
    """Return the names of the scored fields, in the order of `encode`."""
    return tuple(field.name for field in FIELDS)
