"""What the parts of the reader hand on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reading:
    """A finding, its value, and where in the plain text it was read."""

    name: str
    value: str | int | float
    places: tuple[tuple[int, int], ...]
