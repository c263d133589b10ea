"""What an evaluation holds: every figure with its n and its 95 % interval (bootstrap by lesion or patient)."""

from derm_xai.records import Reading, Record
from derm_xai.vocabulary import Diagnosis, Urgency, VisualConcept

EVALUATION = "evaluation.json"
"""What the figures are called in a model's folder."""
UNTESTED_BELOW = 30
"""What has fewer cases is untested: a subgroup gets its n and no figure, a threshold no predictive values."""


class Figure(Record):
    """A figure on n cases with its 95 % bootstrap interval; NaN where it is not defined."""

    value: float
    low: float
    high: float
    n: int


class Row(Record):
    """The figures of one data set with one kind of input, by the name of the metric."""

    data: str
    given: str
    classes: int
    figures: dict[str, Figure]


class Bin(Record):
    """Cases of like confidence: mean top-label confidence, share that is right, n."""

    confidence: float
    accuracy: float
    n: int


class Reliability(Record):
    """The reliability diagram of one data set, 15 bins of equal width, empty ones left out."""

    data: str
    bins: tuple[Bin, ...]


class Doubt(Record):
    """How well one uncertainty score tells wrong answers from right ones on one data set.

    `error_auroc`: area under the ROC curve for "the leading class is wrong". `aurc`: area under the risk-coverage curve.
    `error_left`: error at 80 % coverage over the error at full coverage. `curve`: (coverage, error) at each 5 %.
    """

    data: str
    score: str
    error_auroc: Figure
    aurc: Figure
    error_left: Figure
    curve: tuple[tuple[float, float], ...]


class SetCoverage(Record):
    """Coverage and mean size of the prediction sets at one level in one group of cases ("diagnosis" "MEL", "all" "all")."""

    data: str
    level: float
    group_by: str
    group: str
    coverage: Figure
    size: Figure


class AtPrevalence(Record):
    """Predictive values where `prevalence` of the patients have the disease. Their n is of all cases."""

    prevalence: float
    ppv: Figure
    npv: Figure


class OperatingPoint(Record):
    """A frozen threshold on one data set. `target`: what is looked for.

    `at_prevalence`: none where fewer than UNTESTED_BELOW cases have it, or have it not.
    """

    data: str
    target: str
    threshold: float
    sensitivity: Figure
    specificity: Figure
    at_prevalence: tuple[AtPrevalence, ...]


class Subgroup(Record):
    """The figures of a part of one data set; none where it has fewer than UNTESTED_BELOW cases."""

    data: str
    group_by: str
    group: str
    n: int
    figures: dict[str, Figure]


class NotLesions(Record):
    """How well the novelty score tells photos of other things from validation photos, and what it flags."""

    described: str
    auroc: Figure
    flagged_others: Figure
    flagged_lesions: dict[str, Figure]


class Method(Record):
    """One map-making method: log-odds lost with its hottest fifth hidden, and that over the loss with as much elsewhere hidden.

    `ours_above`: by how much more the evidence map's hottest fifth loses on the same cases.
    """

    name: str
    hot: Figure
    faithfulness: Figure
    ours_above: Figure


class ReadingFigures(Record):
    """The share of leading diagnoses that are right where the report card reads so."""

    reading: Reading
    right: Figure


class Explanations(Record):
    """Whether explanations hold. `hot`, `elsewhere`: log-odds lost, that fifth of a photo hidden; `faithfulness`: their ratio.

    `malignant_inside`: a malignancy's positive evidence inside the outline over its area share. `randomised`: rank correlation
    with the map of a network whose head and last layers were drawn anew; `permuted`: with that of a head that learnt shuffled
    labels. `flips`: how often small changes move the answer.
    """

    hot: Figure
    elsewhere: Figure
    faithfulness: Figure
    methods: tuple[Method, ...]
    malignant_inside: Figure
    card_auroc: Figure
    readings: tuple[ReadingFigures, ...]
    randomised: Figure
    permuted: Figure | None = None
    flips: dict[str, Figure]


class ConceptFigures(Record):
    """A concept against MONET's scores, over photos: gap in ten bins, and Spearman's correlation."""

    concept: VisualConcept
    calibration_error: Figure
    rank_correlation: Figure


class Confusion(Record):
    """The cases of one data set in which a diagnosis led: how often rightly, and what they were, most frequent first."""

    data: str
    leading: Diagnosis
    right: Figure
    truth: dict[Diagnosis, int]


class Urgencies(Record):
    """What was asked for in the cases of one data set that were one kind of thing: the share of each urgency that was."""

    data: str
    truth: str
    shares: dict[Urgency, Figure]


class Evaluation(Record):
    """All figures of one model on the validation part. `mask_dice`: of HAM10000. The last six may not have been measured."""

    model_id: str
    weights_sha256: str
    rows: tuple[Row, ...]
    reliability: tuple[Reliability, ...]
    doubts: tuple[Doubt, ...]
    sets: tuple[SetCoverage, ...]
    operating_points: tuple[OperatingPoint, ...]
    subgroups: tuple[Subgroup, ...]
    confusions: tuple[Confusion, ...] = ()
    urgencies: tuple[Urgencies, ...] = ()
    mask_dice: Figure | None = None
    not_lesions: NotLesions | None = None
    concepts: tuple[ConceptFigures, ...] = ()
    explanations: Explanations | None = None
