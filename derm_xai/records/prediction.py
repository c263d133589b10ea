"""What the model says."""

from derm_xai.records.base import Map, Record
from derm_xai.vocabulary import Diagnosis, ImageType


class Estimate(Record):
    """A probability from the ledger's score, with its Monte Carlo interval (5th to 95th percentile of the samples)."""

    value: float
    low: float
    high: float


class Differential(Record):
    """One diagnosis: all evidence together, then the photos' and the notes' voices alone."""

    diagnosis: Diagnosis
    probability: Estimate
    probability_photo: float
    probability_notes: float


class Novelty(Record):
    """How far a photo lies from the training photos: a distance, this model's limit, and whether it is passed."""

    score: float
    limit: float
    flagged: bool


class View(Record):
    """What the photos of one type say alone, at their own temperature: the leading diagnosis, and any malignancy, 0..1."""

    image_type: ImageType
    leading: Diagnosis
    malignancy: float


class Prediction(Record):
    """What the model says. `differentials` in ISIC order. `samples`: probabilities, a row for each Monte Carlo sample.

    `doubts`: every score of `classify.doubt`. `prediction_sets`: by their coverage, "0.90" and "0.95". `views`: each type of
    photo alone, where there is more than one.
    """

    differentials: tuple[Differential, ...]
    malignancy: Estimate
    samples: Map
    doubts: dict[str, float]
    prediction_sets: dict[str, tuple[Diagnosis, ...]]
    novelty: Novelty
    views: tuple[View, ...] = ()
    model_id: str

    @property
    def prediction_set(self) -> tuple[Diagnosis, ...]:
        """The set that aims to hold the true diagnosis in 95 % of the cases of each diagnosis."""
        return self.prediction_sets["0.95"]

    @property
    def ranked(self) -> tuple[Differential, ...]:
        """The differentials, most probable first."""
        return tuple(sorted(self.differentials, key=lambda differential: -differential.probability.value))
