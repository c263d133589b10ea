"""What the calibration part decides: temperatures, operating points, prediction sets, the limit of novelty."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from torch import Tensor
from torch.nn.functional import cross_entropy

from derm_xai.classify import conformal, novelty
from derm_xai.classify.checkpoint import Thresholds
from derm_xai.classify.predict import NOTES_ONLY, photo_set
from derm_xai.train.corpus import IMAGE_TYPES, Corpus, log_class_mix
from derm_xai.train.evidence import Terms
from derm_xai.vocabulary import DIAGNOSES, MALIGNANT, URGENT_MALIGNANT, Diagnosis, places

SENSITIVITY = 0.95
COVERAGE = 0.95
CERTAIN_SHARE = 0.90
FAMILIAR_SHARE = 0.99


@dataclass(frozen=True)
class Calibration:
    """`temperature` for each set of photos; the thresholds; what is known of the features."""

    temperature: dict[str, float]
    thresholds: Thresholds
    space: novelty.FeatureSpace


def calibrate(train: Corpus, train_terms: Terms, held: Corpus, terms: Terms) -> Calibration:
    """Fit everything on the held cases; only the feature space is described from the training photos."""
    mix = log_class_mix(held, torch.ones(len(held)))
    temperature = {
        name: _temperature(scores, mix[held.source[cases]], held.label[cases])
        for name, cases, scores in _situations(held, terms)
    }
    space = novelty.fit(train_terms.features, train.label[train.owner])
    probabilities = _probabilities(held, terms, temperature)
    label = held.label.numpy()
    entropy = -(probabilities * np.log(probabilities.clip(1e-12))).sum(1)
    return Calibration(
        temperature=temperature,
        thresholds=Thresholds(
            malignancy=_operating_point(probabilities, label, MALIGNANT),
            referral=_operating_point(probabilities, label, URGENT_MALIGNANT),
            entropy=float(np.quantile(entropy, CERTAIN_SHARE)),
            novelty=float(novelty.distance(space, terms.features).quantile(FAMILIAR_SHARE)),
            prediction_set={
                diagnosis: conformal.threshold(probabilities[label == index, index], COVERAGE)
                for index, diagnosis in enumerate(DIAGNOSES)
            },
        ),
        space=space,
    )


def _situations(corpus: Corpus, terms: Terms) -> Iterator[tuple[str, Tensor, Tensor]]:
    """Yield the name, cases and uncalibrated evidence of each set of photos that can be met: each alone, both, none."""
    for index, image_type in enumerate(IMAGE_TYPES):
        photos = (corpus.image_type == index).nonzero()[:, 0]
        cases = corpus.owner[photos]
        yield photo_set([image_type]), cases, terms.views[photos] + terms.notes[cases]
    paired = (corpus.owner.bincount(minlength=len(corpus)) > 1).nonzero()[:, 0]
    yield photo_set(IMAGE_TYPES), paired, (terms.photos() + terms.notes)[paired]
    yield NOTES_ONLY, torch.arange(len(corpus)), terms.notes


def _temperature(scores: Tensor, offset: Tensor, label: Tensor) -> float:
    """Return the temperature of least negative log-likelihood (Guo et al. 2017), each source with its own class mix."""
    if not len(label):
        return 1.0

    def loss(log_temperature: float) -> float:
        return float(cross_entropy(offset + scores / np.exp(log_temperature), label))

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 2.0), method="bounded").x))


def _probabilities(corpus: Corpus, terms: Terms, temperature: dict[str, float]) -> NDArray[np.float64]:
    """Return each case's probabilities [case, class] from all its photos and notes, every class equally likely beforehand."""
    scores = (terms.photos() + terms.notes).double()
    for case in range(len(corpus)):
        types = [IMAGE_TYPES[index] for index in corpus.image_type[corpus.owner == case]]
        scores[case] /= temperature[photo_set(types)]
    return scores.softmax(1).numpy()


def _operating_point(probabilities: NDArray[np.float64], label: NDArray[np.int64], diagnoses: frozenset[Diagnosis]) -> float:
    """Return the highest threshold on the summed probability that finds SENSITIVITY of the cases with these diagnoses."""
    wanted = places(diagnoses)
    summed = probabilities[:, wanted].sum(1)
    return float(np.quantile(summed[np.isin(label, wanted)], 1 - SENSITIVITY, method="lower"))
