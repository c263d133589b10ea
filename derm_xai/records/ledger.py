"""What the score is made of, and what stands beside it."""

from derm_xai.records.base import Map, Record, Source, Vector
from derm_xai.vocabulary import Diagnosis, ImageType, VisualConcept


class Term(Record):
    """One line of the ledger: log-odds for each diagnosis, mean and standard deviation over the Monte Carlo samples."""

    source: Source
    name: str
    level: str
    mean: Vector
    spread: Vector


class Regions(Record):
    """A map's positive and negative evidence inside and outside the lesion's outline; the four add up to the map's sum."""

    for_inside: float
    for_outside: float
    against_inside: float
    against_outside: float


class EvidenceMap(Record):
    """One photo's evidence, [diagnosis][row][column] in log-odds. Its cells add up to the photo's term in the ledger.

    `regions`: for each diagnosis, the same sum by sign and side of the outline.
    """

    image_type: ImageType
    mean: tuple[Map, ...]
    spread: tuple[Map, ...]
    regions: tuple[Regions, ...] = ()


class Ledger(Record):
    """Everything the score is made of. The terms' means add up to `score`, whose softmax is the probabilities."""

    terms: tuple[Term, ...]
    photos: tuple[EvidenceMap, ...]
    score: Vector
    spread: Vector


class ContrastTerm(Record):
    """One line of a contrast: log-odds for this diagnosis against that one, mean and spread over the Monte Carlo samples."""

    source: Source
    name: str
    level: str
    mean: float
    spread: float


class ContrastMap(Record):
    """One photo's cells [row][column] for this diagnosis against that one, and their sums by sign and side of the outline."""

    image_type: ImageType
    mean: Map
    spread: Map
    regions: Regions


class Contrast(Record):
    """The ledger of "this rather than that". The terms' means add up to `score`, the log of the ratio of the probabilities.

    `tipping`: the notes fields that move the two furthest apart, either way, strongest first.
    """

    this: Diagnosis
    that: Diagnosis
    terms: tuple[ContrastTerm, ...]
    photos: tuple[ContrastMap, ...]
    score: float
    spread: float
    tipping: tuple[str, ...]


class GradCam(Record):
    """Captum's Grad-CAM of one photo for one diagnosis, dropout off. `agreement`: Pearson's r with the ledger's cells."""

    image_type: ImageType
    diagnosis: Diagnosis
    cells: Map
    agreement: float


class ConceptMap(Record):
    """Where in one photo a concept is seen: cells [row][column] in 0..1. `photo`: its place; `value`: of the whole photo."""

    photo: int
    concept: VisualConcept
    value: float
    cells: Map


class NotesShap(Record):
    """SHAP values of one notes field for each diagnosis, against a patient of whom nothing is recorded."""

    field: str
    level: str
    values: Vector
