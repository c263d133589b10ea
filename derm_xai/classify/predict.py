"""Evidence from one lesion's photos and notes, sampled, and the prediction it adds up to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from derm_xai.classify.checkpoint import Model
from derm_xai.classify.conformal import members
from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.novelty import distance
from derm_xai.classify.preprocess import resize, scale
from derm_xai.notes.levels import encode
from derm_xai.records import ClinicalContext, Differential, Estimate, LesionPhoto, Novelty, Prediction
from derm_xai.vocabulary import DIAGNOSES, MALIGNANT, ImageType, places

NOTES_ONLY = "notes"
_IMAGE_TYPES = tuple(ImageType)
_MALIGNANT = places(MALIGNANT)


@dataclass(frozen=True)
class PhotoEvidence:
    """One photo's terms: `cells` [sample, class, row, column], which add up to its evidence, and `type_term` [class].

    `trunk` [1, 160, row, column] and `features` [1, 1280] are the network's, without dropout; `weight` is what its scores
    were multiplied by: one over temperature and over the photos of its type.
    """

    image_type: ImageType
    trunk: Tensor
    features: Tensor
    cells: Tensor
    type_term: Tensor
    weight: float


@dataclass(frozen=True)
class Evidence:
    """Every term of one lesion's score in log-odds, after temperature. `prior` [class]; `notes` [field, class]."""

    prior: Tensor
    photos: tuple[PhotoEvidence, ...]
    notes: Tensor
    temperature: float

    def photo_terms(self) -> Tensor:
        """Return the photos' sum for each sample, [sample, class]."""
        return torch.stack([photo.cells.sum((2, 3)) + photo.type_term for photo in self.photos]).sum(0)

    def scores(self) -> Tensor:
        """Return the score of each sample, [sample, class]."""
        return self.prior + self.photo_terms() + self.notes.sum(0)


def photo_set(image_types: Sequence[ImageType]) -> str:
    """Return the name under which a model keeps the temperature for photos of these types."""
    return "+".join(sorted(set(image_types)))


@torch.inference_mode()
def collect(photos: Sequence[LesionPhoto], context: ClinicalContext, model: Model, *, samples: int, seed: int) -> Evidence:
    """Run the trunk once for each photo and the tail once for each Monte Carlo sample.

    A close-up and a dermoscopic photo add up; several photos of one type share one vote,
    since the model was not trained to add them.
    """
    network = model.network
    types = [photo.image_type for photo in photos]
    temperature = model.manifest.temperature[photo_set(types)]
    sampler = torch.Generator().manual_seed(seed)
    seen = tuple(
        _photo_evidence(photo, network, samples, sampler, 1 / (temperature * types.count(photo.image_type))) for photo in photos
    )
    notes = network.notes_terms(torch.tensor([encode(context)]))[0]
    return Evidence(network.prior, seen, notes / temperature, temperature)


def _photo_evidence(
    photo: LesionPhoto, network: EvidenceNet, samples: int, sampler: torch.Generator, weight: float
) -> PhotoEvidence:
    trunk = network.trunk(scale(resize(photo.pixels))[None].contiguous(memory_format=torch.channels_last))
    maps = network.class_maps(trunk.expand(samples, -1, -1, -1), sampler)
    return PhotoEvidence(
        image_type=photo.image_type,
        trunk=trunk,
        features=network.activations(trunk).mean((2, 3)),
        cells=maps * (weight / (maps.shape[2] * maps.shape[3])),
        type_term=network.image_type.weight[_IMAGE_TYPES.index(photo.image_type)] * weight,
        weight=weight,
    )


@torch.inference_mode()
def predict(evidence: Evidence, model: Model) -> Prediction:
    """Return what the evidence adds up to.

    The probabilities are the softmax of the mean score, so that the ledger accounts for them exactly; the intervals, predictive
    entropy and mutual information (Houlsby et al. 2011; Gal 2016) come from the samples.
    """
    scores = evidence.scores()
    joint = scores.mean(0).double().softmax(0).numpy()
    samples = scores.double().softmax(1).numpy()
    photo = (evidence.prior + evidence.photo_terms().mean(0)).double().softmax(0).numpy()
    notes_scale = evidence.temperature / model.manifest.temperature[NOTES_ONLY]
    notes = (evidence.prior + evidence.notes.sum(0) * notes_scale).double().softmax(0).numpy()
    low, high = np.percentile(samples, (5, 95), axis=0)
    malignant = samples[:, _MALIGNANT].sum(1)
    entropy = _entropy(samples.mean(0))
    thresholds = model.manifest.thresholds
    inside = members(joint, np.array([thresholds.prediction_set[diagnosis] for diagnosis in DIAGNOSES]))
    return Prediction(
        differentials=tuple(
            Differential(
                diagnosis=diagnosis,
                probability=Estimate(value=joint[index], low=low[index], high=high[index]),
                probability_photo=photo[index],
                probability_notes=notes[index],
            )
            for index, diagnosis in enumerate(DIAGNOSES)
        ),
        malignancy=Estimate(value=joint[_MALIGNANT].sum(), low=np.percentile(malignant, 5), high=np.percentile(malignant, 95)),
        samples=tuple(map(tuple, samples.tolist())),
        predictive_entropy=entropy,
        mutual_information=max(0.0, entropy - float(np.mean([_entropy(sample) for sample in samples]))),
        prediction_set=tuple(diagnosis for diagnosis, member in zip(DIAGNOSES, inside, strict=True) if member),
        novelty=_novelty(evidence, model),
        model_id=model.manifest.id,
    )


def _novelty(evidence: Evidence, model: Model) -> Novelty:
    score = max(float(distance(model.feature_space, photo.features)) for photo in evidence.photos)
    limit = model.manifest.thresholds.novelty
    return Novelty(score=score, limit=limit, flagged=score > limit)


def _entropy(probabilities: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    return float(-(probabilities * np.log(np.clip(probabilities, 1e-300, None))).sum())
