"""What the calibration part decides: temperatures, operating points, prediction sets, limits of doubt, novelty and quality."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from sklearn.metrics import roc_auc_score
from torch import Tensor
from torch.nn.functional import cross_entropy

from derm_xai.classify import conformal, novelty
from derm_xai.classify.checkpoint import Abstention, QualityLimits, Thresholds
from derm_xai.classify.doubt import SCORES
from derm_xai.classify.predict import NOTES_ONLY, photo_set
from derm_xai.classify.retake import SPOILING
from derm_xai.train.corpus import IMAGE_TYPES, Corpus
from derm_xai.train.evidence import Terms
from derm_xai.vocabulary import DIAGNOSES, MALIGNANT, NOT_TO_MISS, URGENT_MALIGNANT, Diagnosis, VisualConcept, places

SENSITIVITY = 0.95
COVERAGES = (0.90, 0.95)
CERTAIN_SHARE = 0.90
FAMILIAR_SHARE = 0.98
GOOD_SHARE = 0.995
FEWEST = 3
MARGIN = 100
"""So many cases too few are taken to stand behind the limit of a diagnosis that is not to be missed: a draw of 25 to 40 cases
can be lucky, and the weights were chosen on the same cases. See docs/decisions/0013."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """`temperature` for each set of photos; the thresholds; what is known of the features."""

    temperature: dict[str, float]
    thresholds: Thresholds
    space: novelty.FeatureSpace


class _Situation(NamedTuple):
    """Cases seen with one set of photos: uncalibrated scores [case, class] and their samples [case, sample, class]."""

    photo_set: str
    label: Tensor
    scores: Tensor
    samples: Tensor

    def probabilities(self, temperature: float) -> Array:
        return (self.scores.double() / temperature).softmax(-1).numpy()


def calibrate(train_terms: Terms, train: Corpus, held: Corpus, terms: Terms) -> Calibration:
    """Fit everything on the held cases; only the feature space is described from the training photos."""
    situations = list(_situations(held, terms))
    mixes = {each.photo_set: _class_mix(each.label) for each in situations}
    temperature = {each.photo_set: best_temperature(each.scores, each.label) for each in situations}
    temperature[NOTES_ONLY] = best_temperature(terms.notes, held.label)
    seen = {each.photo_set: each.probabilities(temperature[each.photo_set]) for each in situations}
    space = novelty.fit(train_terms.description, train.label[train.owner])
    return Calibration(
        temperature=temperature,
        thresholds=Thresholds(
            malignancy=_operating_point(situations, seen, MALIGNANT),
            melanoma=_operating_point(situations, seen, frozenset({Diagnosis.MEL})),
            referral=_operating_point(situations, seen, URGENT_MALIGNANT),
            abstention=_abstention(situations, temperature),
            novelty=_familiar(novelty.distance(space, terms.description), held.source[held.owner]),
            prediction_sets={
                each.photo_set: {
                    f"{coverage:.2f}": _set_limits(
                        conformal.lift(seen[each.photo_set], mixes[each.photo_set]), each.label, coverage
                    )
                    for coverage in COVERAGES
                }
                for each in situations
            },
            class_mix={name: _by_diagnosis(mix) for name, mix in mixes.items()},
            quality=_quality_limits(terms),
        ),
        space=space,
    )


def _situations(corpus: Corpus, terms: Terms) -> Iterator[_Situation]:
    """Yield each set of photos that can be met, with the cases that have it: each photo alone, and both."""
    for index, image_type in enumerate(IMAGE_TYPES):
        photos = (corpus.image_type == index).nonzero()[:, 0]
        cases = corpus.owner[photos]
        notes = terms.notes[cases]
        yield _Situation(
            photo_set([image_type]), corpus.label[cases], terms.views[photos] + notes, terms.samples[photos] + notes[:, None]
        )
    paired = (corpus.owner.bincount(minlength=len(corpus)) > 1).nonzero()[:, 0]
    notes = terms.notes[paired]
    yield _Situation(
        photo_set(IMAGE_TYPES),
        corpus.label[paired],
        terms.photos()[paired] + notes,
        terms.sampled_photos()[paired] + notes[:, None],
    )


def best_temperature(scores: Tensor, label: Tensor) -> float:
    """Return the temperature of least negative log-likelihood (Guo et al. 2017) of the probabilities as they are shown."""
    if not len(label):
        return 1.0

    def loss(log_temperature: float) -> float:
        return float(cross_entropy(scores / np.exp(log_temperature), label))

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 2.0), method="bounded").x))


def _operating_point(situations: list[_Situation], seen: dict[str, Array], diagnoses: frozenset[Diagnosis]) -> float:
    """Return the highest threshold on the summed probability that finds SENSITIVITY of them with each set of photos."""
    wanted = places(diagnoses)
    summed = [(each.label.numpy(), seen[each.photo_set][:, wanted].sum(1)) for each in situations]
    found = [values[np.isin(label, wanted)] for label, values in summed]
    return min(float(np.quantile(values, 1 - SENSITIVITY, method="lower")) for values in found if len(values))


def _abstention(situations: list[_Situation], temperature: dict[str, float]) -> Abstention:
    """Return the score that best tells wrong leading diagnoses: area under the ROC curve, mean over the sets of photos."""
    quality: dict[str, list[float]] = {name: [] for name in SCORES}
    values: dict[str, list[Array]] = {name: [] for name in SCORES}
    for each in situations:
        joint = each.probabilities(temperature[each.photo_set])
        samples = (each.samples.double() / temperature[each.photo_set]).softmax(-1).numpy()
        wrong = joint.argmax(1) != each.label.numpy()
        for name, score in SCORES.items():
            values[name].append(score(joint, samples))
            if 0 < wrong.sum() < len(wrong):
                quality[name].append(float(roc_auc_score(wrong, values[name][-1])))
    best = max(SCORES, key=lambda name: np.mean(quality[name]) if quality[name] else 0.0)
    return Abstention(score=best, limit=float(np.quantile(np.concatenate(values[best]), CERTAIN_SHARE)))


def _familiar(distances: Tensor, source: Tensor) -> float:
    """Return the distance that FAMILIAR_SHARE of each set's photos keep: no camera is strange for being rare in the data."""
    return max(float(distances[source == each].quantile(FAMILIAR_SHARE)) for each in torch.unique(source))


def _class_mix(label: Tensor) -> Array:
    """Return each class's share of the cases; a class counts as FEWEST cases at least."""
    counts = np.maximum(np.bincount(label.numpy(), minlength=len(DIAGNOSES)), FEWEST)
    mix: Array = counts / counts.sum()
    return mix


def _set_limits(lifted: Array, label: Tensor, coverage: float) -> dict[Diagnosis, float]:
    """Return the conformal limits, those of what is not to be missed lowered by n / (n + MARGIN).

    Coverage is promised over draws of the calibration cases (Vovk 2012, arXiv 1209.2673): with 40 of them one draw can be
    several points off. A lower limit covers more, so the promise stays, and the doubt that is left falls on the safe side.
    """
    limits = conformal.thresholds(lifted, label.numpy(), coverage)
    serious = places(NOT_TO_MISS)
    behind = np.maximum(np.bincount(label.numpy(), minlength=len(DIAGNOSES)), conformal.TOGETHER)[serious]
    limits[serious] = limits[serious] * behind / (behind + MARGIN)
    return _by_diagnosis(limits)


def _by_diagnosis(values: Array) -> dict[Diagnosis, float]:
    return dict(zip(DIAGNOSES, values.tolist(), strict=True))


def _quality_limits(terms: Terms) -> QualityLimits:
    """Return limits that all but a few of the calibration photos keep."""
    shares = np.array([(each.share, each.edge_share) for each in terms.lesions])
    concepts = terms.concepts.quantile(GOOD_SHARE, 0).tolist()
    return QualityLimits(
        lesion_share=float(np.quantile(shares[:, 0], 1 - GOOD_SHARE)),
        edge_share=float(np.quantile(shares[:, 1], GOOD_SHARE)),
        concepts={concept: limit for concept, limit in zip(VisualConcept, concepts, strict=True) if concept in SPOILING},
    )
