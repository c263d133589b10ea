"""What it costs that the score is a sum: other heads on the same frozen trunk: python -m benchmarks.baselines --data DIR.

The heads are fitted on the training part as the network was: the score of a case is the log class mix of its set plus evidence
(logit adjustment, Menon et al. 2021, arXiv 2007.07314, by set), and a case counts with the inverse square root of its class's
count. The strength of an L2 penalty is chosen on the calibration part, as is one temperature for each head and set. The trunk
takes one look at each photo, as in training: the heads differ, not what they are given.

PAD-UFES-20 asked some questions only where a biopsy followed, so that who was asked tells the label. The model's terms are kept
from saying so; to keep the other heads from it, an answer that was not recorded is drawn from those that its set recorded,
anew in each epoch. One fusion is left to see who was asked, for the difference.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, one_hot

from benchmarks.setting import machine, options, settings
from derm_xai.classify.checkpoint import load_model
from derm_xai.classify.columns import LAST
from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.preprocess import scale
from derm_xai.datasets.sources import LabelledCase, load_all
from derm_xai.datasets.splits import Part, split
from derm_xai.evaluate.card_tables import table
from derm_xai.evaluate.metrics import RESAMPLES, Metric, balanced_accuracy, intervals, macro_auc, macro_f1, malignancy_auc
from derm_xai.evaluate.records import Figure
from derm_xai.evaluate.scored import Scored
from derm_xai.notes.levels import FIELDS
from derm_xai.train.calibrate import best_temperature
from derm_xai.train.corpus import IMAGE_TYPES, SOURCE_NAMES, Corpus, log_class_mix, read_corpus
from derm_xai.train.loop import half_precision
from derm_xai.vocabulary import DIAGNOSES, Diagnosis

METRICS: dict[str, Metric] = {
    "balanced accuracy": balanced_accuracy,
    "macro AUC": macro_auc,
    "macro F1": macro_f1,
    "malignancy AUC": malignancy_auc,
}
WHOLE, PHOTOS, NOTES = "(a) the model, one look", "(b) its photo terms alone", "(c) its notes terms alone"
ADDITIVE, FUSION, TOLD = "(d) additive head, refitted", "(e) fusion by an MLP", "(e′) the same, told who was asked"
PAIRS = ((FUSION, ADDITIVE), (FUSION, WHOLE))
HIDDEN = 256
EPOCHS = 12
BATCH = 256
RATE = 1e-3
STRENGTHS = (1e-5, 1e-4, 1e-3, 1e-2)
DRAWS = 10
"""Fillings of unrecorded answers over which a judged case's score is averaged."""
SEED = 0


@dataclass(frozen=True)
class Seen:
    """A part as the frozen trunk sees it, one row for each case.

    `cases`: the corpus without its pixels. `photos` [case, image type, activation + 1]: the pooled last activations and a one,
    or zeros where there is no such photo. `terms`: the model's own photo terms and its own notes terms, each [case, class].
    """

    cases: Corpus
    photos: Tensor
    terms: tuple[Tensor, Tensor]
    group: NDArray[np.str_]


Scorer = Callable[[Seen], Tensor]
"""Returns scores [case, class], every class equally likely beforehand."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit the heads and print their figures on the validation part."""
    parser = options("Compare the model's sum of evidence with other heads on the same trunk.")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the public sets, as published")
    given = parser.parse_args(arguments)
    whole = load_model(settings(given.model).model_folder()).network
    network = EvidenceNet(whole.dropout, whole.architectures).eval().requires_grad_(False)
    network.load_state_dict(whole.state_dict())
    parts = split(load_all(given.data))
    train, held, validation = standardised([look(network, parts[part], part) for part in Part])
    scorers: dict[str, Scorer] = {
        WHOLE: lambda seen: sum(seen.terms, torch.zeros(())),
        PHOTOS: lambda seen: seen.terms[0],
        NOTES: lambda seen: seen.terms[1],
        ADDITIVE: chosen(linear, train, held),
        FUSION: chosen(perceptron, train, held),
        TOLD: chosen(perceptron, train, held, fill=False),
    }
    print(machine(), end="\n\n")
    print(report({name: list(judged(scorer, held, validation)) for name, scorer in scorers.items()}))


def look(network: EvidenceNet, cases: Sequence[LabelledCase], part: Part) -> Seen:
    """Run the trunk once over each photo, without dropout; training photos in half precision where that is fast."""
    corpus = read_corpus(cases, f"{part} photos")
    with half_precision(torch.device("cpu")) if part is Part.TRAIN else nullcontext():
        pooled = pool(network, corpus)
    photos = torch.zeros(len(corpus), len(IMAGE_TYPES), pooled.shape[1] + 1)
    photos[corpus.owner, corpus.image_type] = torch.cat([pooled, torch.ones(len(pooled), 1)], 1)
    # the head is linear, so the mean over cells may be taken before it
    views = pooled @ network.head.weight[:, :, 0, 0].T + network.image_type.weight[corpus.image_type]
    notes = network.notes_terms(corpus.levels).sum(1)
    return Seen(
        cases=replace(corpus, photos=(), masks=()),
        photos=photos,
        terms=(torch.zeros_like(notes).index_add(0, corpus.owner, views), notes),
        group=np.array([case.group for case in cases]),
    )


@torch.no_grad()
def pool(network: EvidenceNet, corpus: Corpus, batch: int = 32) -> Tensor:
    """Return the mean over cells of each photo's last activations, [photo, activation]."""
    pooled = torch.empty(len(corpus.photos), LAST * len(network.columns))
    shapes = np.array([pixels.shape[:2] for pixels in corpus.photos])
    for shape in np.unique(shapes, axis=0):
        for rows in torch.split(torch.from_numpy((shapes == shape).all(1).nonzero()[0]), batch):
            photos = scale(np.stack([corpus.photos[row] for row in rows])).contiguous(memory_format=torch.channels_last)
            activations = network.activations(network.deepen(network.steps(photos)[-1]))
            pooled[rows] = activations.float().mean((2, 3))
    return pooled


def standardised(parts: Sequence[Seen]) -> list[Seen]:
    """Return the parts with activations of mean 0 and deviation 1 over the photos of each type in the first part."""
    first = parts[0].photos
    held = first[..., -1:]
    count = held.sum(0).clamp(min=1)
    mean = first.sum(0) / count
    spread = (((first - mean) * held).square().sum(0) / count).sqrt()
    mean[:, -1], spread[:, -1] = 0, 1
    return [replace(part, photos=(part.photos - mean) / spread.clamp(min=1e-3) * part.photos[..., -1:]) for part in parts]


def linear(inputs: int) -> nn.Module:
    """Return a head whose score is a sum: one term for each photo and one for each answer."""
    return nn.Linear(inputs, len(DIAGNOSES), bias=False)


def perceptron(inputs: int) -> nn.Module:
    """Return a head of one hidden layer over photos and notes together."""
    layers = nn.Linear(inputs, HIDDEN), nn.ReLU(), nn.Dropout(0.5), nn.Linear(HIDDEN, len(DIAGNOSES))
    return nn.Sequential(nn.Dropout(0.2), *layers)


def chosen(make: Callable[[int], nn.Module], train: Seen, held: Seen, *, fill: bool = True) -> Scorer:
    """Fit a head with each strength of the penalty and return the one of least loss on the held cases, mean over the sets."""
    fits = [fit(make, train, strength, fill=fill) for strength in STRENGTHS]
    _, mix = weighting(train)
    losses = []
    for scorer in fits:
        adjusted = scorer(held) + mix[held.cases.source]
        losses.append(np.mean([float(cross_entropy(adjusted[rows], held.cases.label[rows])) for rows in sets(held)]))
    return fits[int(np.argmin(losses))]


def fit(make: Callable[[int], nn.Module], train: Seen, strength: float, *, fill: bool) -> Scorer:
    """Fit a head by Adam over cross-entropy and an L2 penalty of that strength on its weights."""
    torch.manual_seed(SEED)
    recorded = recorded_answers(train.cases) if fill else {}
    weight, mix = weighting(train)
    offset, label = mix[train.cases.source], train.cases.label
    head = make(inputs(train, recorded).shape[1])
    steps = EPOCHS * -(-len(label) // BATCH)
    optimiser = torch.optim.Adam(head.parameters(), RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, steps, cycle_momentum=False)
    for _ in range(EPOCHS):
        given = inputs(train, recorded)
        for rows in torch.split(torch.randperm(len(label)), BATCH):
            loss = cross_entropy(offset[rows] + head(given[rows]), label[rows], reduction="none") @ weight[rows] / len(rows)
            penalty = sum((each.square().sum() for each in head.parameters()), torch.zeros(()))
            optimiser.zero_grad()
            (loss + strength * penalty).backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
    return partial(mean_score, head.eval(), recorded)


@torch.no_grad()
def mean_score(head: nn.Module, recorded: Mapping[tuple[int, int], Tensor], seen: Seen) -> Tensor:
    """Return the head's scores, the mean over DRAWS fillings of unrecorded answers."""
    torch.manual_seed(SEED)
    drawn: Tensor = sum(head(inputs(seen, recorded)) for _ in range(DRAWS)) / DRAWS
    return drawn


def inputs(seen: Seen, recorded: Mapping[tuple[int, int], Tensor]) -> Tensor:
    """Return what a head is given: both photos, and the answers one-hot, with zeros where nothing is recorded nor drawn."""
    levels = seen.cases.levels.clone()
    for (source, field), answers in recorded.items():
        empty = ((seen.cases.source == source) & (levels[:, field] == 0)).nonzero()[:, 0]
        levels[empty, field] = answers[torch.randint(len(answers), (len(empty),))]
    notes = [one_hot(levels[:, index], len(field.levels))[:, 1:] for index, field in enumerate(FIELDS)]
    return torch.cat([seen.photos.flatten(1), *notes], 1)


def recorded_answers(cases: Corpus) -> dict[tuple[int, int], Tensor]:
    """Return the recorded levels of each set and field that has any."""
    mine = {
        (source, field): cases.levels[(cases.source == source) & (cases.levels[:, field] > 0), field]
        for source, field in product(range(len(SOURCE_NAMES)), range(len(FIELDS)))
    }
    return {key: answers for key, answers in mine.items() if len(answers)}


def weighting(train: Seen) -> tuple[Tensor, Tensor]:
    """Return the weight of each case, 1 in the mean, and the log class mix of each set under it, [source, class]."""
    weight = torch.bincount(train.cases.label)[train.cases.label].float().rsqrt()
    return weight / weight.mean(), log_class_mix(train.cases, weight)


def sets(seen: Seen) -> Iterator[Tensor]:
    """Yield the rows of each set that is there, without HAM10000's VASC, which is not judged."""
    judged = (seen.cases.source != SOURCE_NAMES.index("HAM10000")) | (seen.cases.label != DIAGNOSES.index(Diagnosis.VASC))
    for source in range(len(SOURCE_NAMES)):
        rows = (judged & (seen.cases.source == source)).nonzero()[:, 0]
        if len(rows):
            yield rows


def judged(scorer: Scorer, held: Seen, validation: Seen) -> Iterator[tuple[str, Scored]]:
    """Yield each set's name and its validation cases, scored at the temperature that suits the held cases best."""
    for fitting, rows in zip(sets(held), sets(validation), strict=True):
        temperature = best_temperature(scorer(held)[fitting], held.cases.label[fitting])
        probabilities = (scorer(validation)[rows].double() / temperature).softmax(1).numpy()
        name = SOURCE_NAMES[validation.cases.source[rows[0]]].replace("HAM10000", "HAM10000 without VASC")
        yield name, Scored(probabilities, validation.cases.label[rows].numpy(), validation.group[rows.numpy()])


def report(heads: Mapping[str, Sequence[tuple[str, Scored]]]) -> str:
    """Return a table of the heads' figures and one of the differences between pairs of them, on the same resamples."""
    ways = [row for found in zip(*([(*each, name) for each in of] for name, of in heads.items()), strict=True) for row in found]
    rows = [(data, name, str(len(cases.label)), *cells(intervals(METRICS, cases, RESAMPLES))) for data, cases, name in ways]
    against = {name: difference(metric) for name, metric in METRICS.items()}
    gaps = [
        (
            data,
            f"{one[:3]} − {other[:3]}",
            str(len(cases.label)),
            *cells(intervals(against, beside(cases, with_), RESAMPLES), "+"),
        )
        for one, other in PAIRS
        for (data, cases), (_, with_) in zip(heads[one], heads[other], strict=True)
    ]
    head = ("validation part", "head", "n", *METRICS)
    return table(head, rows) + "\n\n" + table((head[0], "difference", *head[2:]), gaps)


def cells(figures: Mapping[str, Figure], sign: str = "") -> list[str]:
    """Return the figures with their intervals."""
    return [f"{each.value:{sign}.3f} ({each.low:{sign}.3f} to {each.high:{sign}.3f})" for each in figures.values()]


def beside(cases: Scored, others: Scored) -> Scored:
    """Return cases with the probabilities of two heads side by side, [case, 2 · class]."""
    return replace(cases, probabilities=np.hstack([cases.probabilities, others.probabilities]))


def difference(metric: Metric) -> Metric:
    """Return the metric of the first head less that of the second, for cases as `beside` gives them."""

    def first_less_second(cases: Scored) -> float:
        first, second = (metric(replace(cases, probabilities=half)) for half in np.hsplit(cases.probabilities, 2))
        return first - second

    return first_less_second


if __name__ == "__main__":
    main()
