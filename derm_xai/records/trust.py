"""Whether a map can be trusted, and what is measured in the photo."""

from typing import Literal

from derm_xai.records.base import Record
from derm_xai.vocabulary import Diagnosis, ImageType


class CardCheck(Record):
    """One line of a report card: a number, better when higher, and what it is held against.

    `grade`: 0 at `poor` or below, 1 at `good` or above, straight in between; it counts by `weight` in the card's score.
    `verdict`: in words. `source`: where the limits are from.
    """

    name: str
    number: float
    poor: float
    good: float
    grade: float
    weight: float
    verdict: str
    source: str


Reading = Literal["read this map", "read with care", "do not rely on this map"]


class ReportCard(Record):
    """Whether one photo's evidence map for the leading diagnosis can be trusted. `score` 0..1: the checks' weighted grade."""

    image_type: ImageType
    diagnosis: Diagnosis
    checks: tuple[CardCheck, ...]
    score: float
    overall: Reading


class CheckLimits(Record):
    """Where a check's grade begins to rise and where it is full, and what the check weighs in the whole card."""

    poor: float
    good: float
    weight: float


class CardLimits(Record):
    """What a report card is held against, from calibration cases: `care` and `read` are the least scores for these readings."""

    checks: dict[str, CheckLimits]
    care: float
    read: float
    source: str


class StressLine(Record):
    """One kind of small change: how many were tried, in how many the leading diagnosis changed, and to which."""

    change: str
    tried: int
    flipped: int
    instead: tuple[Diagnosis, ...]
    lowest: float


class StressTest(Record):
    """Whether the leading diagnosis holds under small changes to the photo. `lowest`: its least probability among them."""

    leading: Diagnosis
    lines: tuple[StressLine, ...]


class Abcd(Record):
    """What one photo shows of the ABCD rule inside the lesion's outline; descriptive, never scored (`explain.abcd`).

    `folds`: the share of the outline that each of two folds lays on itself, 0..1. `compactness`: 1 for a circle, else more.
    `colour_shares`: of the six colours, in 0..1. `colour_variance`: in squared ΔE*ab. `diameter_share`: of the photo's width.
    `diameter_mm`: as stated by the clinician. `cut_off`: the outline reaches the photo's edge.
    """

    image_type: ImageType
    asymmetrical_axes: int
    folds: tuple[float, float]
    compactness: float
    colour_shares: dict[str, float]
    colours: tuple[str, ...]
    colour_variance: float
    diameter_share: float
    diameter_px: float
    diameter_mm: float | None
    cut_off: bool
