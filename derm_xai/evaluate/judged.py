"""The validation cases as the product judges them, each with one kind of input."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from derm_xai.assess import judge
from derm_xai.classify.checkpoint import Model
from derm_xai.classify.doubt import entropy, mutual_information
from derm_xai.classify.lesion import full_size
from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.predict import Evidence, collect, predict
from derm_xai.datasets.sources import LabelledCase, read_mask
from derm_xai.evaluate.scored import Scored
from derm_xai.photo import read_photo
from derm_xai.records import ClinicalContext, Differential, LesionPhoto, Prediction
from derm_xai.settings import Settings
from derm_xai.vocabulary import DIAGNOSES, ImageType, Urgency


@dataclass(frozen=True)
class Judged:
    """What was made of one case, and what was asked for.

    `others`: doubts by the disagreement of the network's looks, and of its columns.
    `concepts`: of each photo with MONET scores, what the network saw of each concept, and MONET's score.
    """

    case: LabelledCase
    prediction: Prediction
    urgency: Urgency
    others: dict[str, float]
    dice: tuple[float, ...]
    concepts: tuple[tuple[tuple[float, ...], tuple[float, ...]], ...] = ()


def judge_all(
    cases: Sequence[LabelledCase],
    image_types: frozenset[ImageType],
    what: str,
    model: Model,
    settings: Settings,
) -> list[Judged]:
    """Judge the cases from their photos of these types, with a progress bar."""

    def judged(case: LabelledCase) -> Judged:
        labelled = [photo for photo in case.photos if photo.image_type in image_types]
        photos = [read_photo(photo.read(), photo.image_type) for photo in labelled]
        made = judge(photos, case.context, model, settings)
        evidence = made.evidence
        masks = [read_mask(photo) for photo in labelled]
        found = list(zip(evidence.photos, masks, labelled, strict=True))
        return Judged(
            case=case,
            prediction=made.prediction,
            urgency=made.triage.urgency,
            others=_other_doubts(evidence, model.network),
            dice=tuple(_dice(seen.outline, mask) for seen, mask, _ in found if mask is not None),
            concepts=tuple((tuple(seen.concepts.tolist()), each.concepts) for seen, _, each in found if each.concepts),
        )

    return [judged(case) for case in tqdm(cases, what, unit="case")]


def scored(judged: Sequence[Judged], probability: Callable[[Differential], float]) -> Scored:
    """Return the cases as arrays, with the probabilities of one of the model's voices."""
    predictions = [each.prediction for each in judged]
    inside = {
        float(level): np.array([[diagnosis in each.prediction_sets[level] for diagnosis in DIAGNOSES] for each in predictions])
        for level in predictions[0].prediction_sets
    }
    return Scored(
        probabilities=np.array([[probability(each) for each in prediction.differentials] for prediction in predictions]),
        label=np.array([DIAGNOSES.index(each.case.diagnosis) for each in judged]),
        group=np.array([each.case.group for each in judged]),
        doubts={
            name: np.array([(each.prediction.doubts | each.others)[name] for each in judged])
            for name in predictions[0].doubts | judged[0].others
        },
        sets=inside,
        attributes=_attributes([each.case for each in judged]),
    )


def novelty_scores(photos: Sequence[LesionPhoto], model: Model) -> NDArray[np.float64]:
    """Return the novelty score of each photo by itself."""
    nothing = ClinicalContext()
    shown = tqdm(photos, "other photos", unit="photo")
    return np.array([predict(collect([photo], nothing, model, samples=2, seed=0), model).novelty.score for photo in shown])


@torch.inference_mode()
def _other_doubts(evidence: Evidence, network: EvidenceNet) -> dict[str, float]:
    """Return the doubts by test-time augmentation and by an ensemble: how far the looks differ, and the columns."""
    photos = [network.opinions(photo.trunk)[0] * photo.weight + photo.type_term for photo in evidence.photos]
    scores = evidence.prior + torch.stack(photos).sum(0) + evidence.notes.sum(0)
    return _disagreement("test-time augmentation", scores.mean(1)) | _disagreement("ensemble", scores.mean(0))


def _disagreement(kind: str, scores: Tensor) -> dict[str, float]:
    shares = scores.double().softmax(1).numpy()
    return {
        f"{kind}, entropy": float(entropy(shares.mean(0))),
        f"{kind}, mutual information": float(mutual_information(shares)),
    }


def _dice(outline: Tensor, mask: NDArray[np.bool_]) -> float:
    found = full_size(outline, *mask.shape)
    return float(2 * (found & mask).sum() / (found.sum() + mask.sum()))


def _attributes(cases: Sequence[LabelledCase]) -> dict[str, NDArray[np.str_]]:
    def column(value: Callable[[LabelledCase], object]) -> NDArray[np.str_]:
        return np.array(["" if (answer := value(case)) is None else str(answer) for case in cases])

    return {
        "image type": column(lambda case: "+".join(sorted({photo.image_type for photo in case.photos}))),
        "age band": column(lambda case: _age_band(case.context.age)),
        "sex": column(lambda case: case.context.sex),
        "site": column(lambda case: case.context.anatom_site),
        "skin tone": column(lambda case: case.context.skin_tone),
        "Fitzpatrick type": column(lambda case: case.context.fitzpatrick),
        "confirmed by": column(lambda case: case.confirmed),
    }


def _age_band(age: int | None) -> str | None:
    if age is None:
        return None
    start = min(age // 20 * 20, 80)
    return "80 or over" if start == 80 else f"{start} to {start + 19}"
