"""Evidence from one lesion's photos and notes, sampled, and the prediction it adds up to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from derm_xai.classify.checkpoint import Model
from derm_xai.classify.conformal import lift, members
from derm_xai.classify.doubt import SCORES
from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.novelty import describe, distance
from derm_xai.classify.preprocess import resize, scale
from derm_xai.notes.levels import encode
from derm_xai.records import ClinicalContext, Differential, Estimate, LesionPhoto, Novelty, Prediction, View
from derm_xai.vocabulary import DIAGNOSES, MALIGNANT, Diagnosis, ImageType, places

NOTES_ONLY = "notes"
_IMAGE_TYPES = tuple(ImageType)
_MALIGNANT = places(MALIGNANT)


@dataclass(frozen=True)
class PhotoEvidence:
    """One photo's terms: `cells` [sample, class, row, column], which add up to its evidence, and `type_term` [class].

    The network's, without dropout: `trunk` [1, channel, row, column], `description` (see `novelty.describe`), `concepts`
    [concept] in 0..1, `outline` [row, column], the log-odds of "lesion" on a finer grid. `weight` is what the scores were
    multiplied by: one over temperature and over the photos of its type.
    """

    image_type: ImageType
    trunk: Tensor
    description: Tensor
    concepts: Tensor
    outline: Tensor
    cells: Tensor
    type_term: Tensor
    weight: float
    synthetic: bool


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

    @property
    def leader(self) -> Diagnosis:
        """The diagnosis with the highest mean score."""
        return DIAGNOSES[int(self.scores().mean(0).argmax())]


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
    pixels = scale(resize(photo.pixels))[None].contiguous(memory_format=torch.channels_last)
    steps = network.steps(pixels)
    trunk = network.deepen(steps[-1])
    activations = network.activations(trunk)
    maps = network.sampled_maps(trunk, samples, sampler)
    return PhotoEvidence(
        image_type=photo.image_type,
        trunk=trunk,
        description=describe(steps)[0],
        concepts=network.concepts(activations).mean((2, 3)).sigmoid()[0],
        outline=network.mask(steps)[0],
        cells=maps * (weight / (maps.shape[2] * maps.shape[3])),
        type_term=network.image_type.weight[_IMAGE_TYPES.index(photo.image_type)] * weight,
        weight=weight,
        synthetic=photo.synthetic,
    )


@torch.inference_mode()
def predict(evidence: Evidence, model: Model) -> Prediction:
    """Return what the evidence adds up to.

    The probabilities are the softmax of the mean score, so that the ledger accounts for them exactly; the intervals and most
    scores of doubt come from the samples.
    """
    scores = evidence.scores()
    joint = scores.mean(0).double().softmax(0).numpy()
    samples = scores.double().softmax(1).numpy()
    photo = (evidence.prior + evidence.photo_terms().mean(0)).double().softmax(0).numpy()
    notes_scale = evidence.temperature / model.manifest.temperature[NOTES_ONLY]
    notes = (evidence.prior + evidence.notes.sum(0) * notes_scale).double().softmax(0).numpy()
    low, high = np.percentile(samples, (5, 95), axis=0)
    malignant = samples[:, _MALIGNANT].sum(1)
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
        doubts={name: float(score(joint, samples)) for name, score in SCORES.items()},
        prediction_sets=_sets(joint, evidence, model),
        novelty=_novelty(evidence, model),
        views=_views(evidence, model),
        model_id=model.manifest.id,
    )


def _sets(joint: NDArray[np.float64], evidence: Evidence, model: Model) -> dict[str, tuple[Diagnosis, ...]]:
    name, thresholds = photo_set([photo.image_type for photo in evidence.photos]), model.manifest.thresholds
    lifted = lift(joint, _in_order(thresholds.class_mix[name]))
    inside = {level: members(lifted, _in_order(limits)) for level, limits in thresholds.prediction_sets[name].items()}
    return {
        level: tuple(diagnosis for diagnosis, member in zip(DIAGNOSES, row, strict=True) if member)
        for level, row in inside.items()
    }


def _in_order(values: dict[Diagnosis, float]) -> NDArray[np.float64]:
    return np.array([values[diagnosis] for diagnosis in DIAGNOSES])


def _views(evidence: Evidence, model: Model) -> tuple[View, ...]:
    """Return what each type of photo says alone; nothing where all photos are of one type."""
    types = sorted({photo.image_type for photo in evidence.photos})
    return tuple(_view(image_type, evidence, model) for image_type in types) if len(types) > 1 else ()


def _view(image_type: ImageType, evidence: Evidence, model: Model) -> View:
    terms = [photo.cells.sum((2, 3)) + photo.type_term for photo in evidence.photos if photo.image_type is image_type]
    alone = torch.stack(terms).sum(0).mean(0) * (evidence.temperature / model.manifest.temperature[image_type])
    joint = (evidence.prior + alone).double().softmax(0).numpy()
    return View(image_type=image_type, leading=DIAGNOSES[int(joint.argmax())], malignancy=float(joint[_MALIGNANT].sum()))


def _novelty(evidence: Evidence, model: Model) -> Novelty:
    scores = [float(distance(model.feature_space, photo.description[None])) for photo in evidence.photos]
    limit = model.manifest.thresholds.novelty
    # the project's own drawings are unlike any photo, and marked as such; they are there to show the page
    strange = any(score > limit and not photo.synthetic for score, photo in zip(scores, evidence.photos, strict=True))
    return Novelty(score=max(scores), limit=limit, flagged=strange)
