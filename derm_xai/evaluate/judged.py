"""The validation cases as the product judges them, each with one kind of input."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from derm_xai.classify.checkpoint import Model
from derm_xai.classify.doubt import entropy, mutual_information
from derm_xai.classify.lesion import full_size
from derm_xai.classify.predict import collect, predict
from derm_xai.datasets.sources import LabelledCase, read_mask
from derm_xai.evaluate.scored import Scored
from derm_xai.photo import read_photo
from derm_xai.records import ClinicalContext, Differential, LesionPhoto, Prediction
from derm_xai.settings import Settings
from derm_xai.vocabulary import DIAGNOSES, ImageType

_MIRRORED = ((slice(None), slice(None, None, -1)), (slice(None, None, -1),), (slice(None, None, -1), slice(None, None, -1)))


@dataclass(frozen=True)
class Judged:
    """What was made of one case. `others`: doubts that need more than one look, or more than one network.

    `concepts`: of each photo with MONET scores, what the network saw of each concept, and MONET's score.
    """

    case: LabelledCase
    prediction: Prediction
    others: dict[str, float]
    dice: tuple[float, ...]
    concepts: tuple[tuple[tuple[float, ...], tuple[float, ...]], ...] = ()


def judge_all(
    cases: Sequence[LabelledCase],
    image_types: frozenset[ImageType],
    what: str,
    model: Model,
    settings: Settings,
    members: Sequence[Model] = (),
    *,
    compare: bool = False,
) -> list[Judged]:
    """Judge the cases from their photos of these types, with a progress bar.

    `compare`: also by test-time augmentation and, with `members`, by an ensemble.
    """

    def judged(case: LabelledCase) -> Judged:
        labelled = [photo for photo in case.photos if photo.image_type in image_types]
        photos = [read_photo(photo.read(), photo.image_type) for photo in labelled]
        evidence = collect(photos, case.context, model, samples=settings.samples, seed=settings.seed)
        prediction = predict(evidence, model)
        others = _compared(photos, case, prediction, model, members) if compare else {}
        masks = [read_mask(photo) for photo in labelled]
        found = list(zip(evidence.photos, masks, labelled, strict=True))
        return Judged(
            case=case,
            prediction=prediction,
            others=others,
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


def _compared(
    photos: Sequence[LesionPhoto], case: LabelledCase, prediction: Prediction, model: Model, members: Sequence[Model]
) -> dict[str, float]:
    """Return the doubts of four mirrored looks by one network, and of one look by each of several networks."""
    first = _probabilities(prediction)
    looks = [
        first,
        *(_look([replace(photo, pixels=photo.pixels[turn]) for photo in photos], case, model) for turn in _MIRRORED),
    ]
    doubts = {f"test-time augmentation, {name}": value for name, value in _disagreement(looks).items()}
    if members:
        doubts |= {
            f"ensemble, {name}": value
            for name, value in _disagreement([_look(photos, case, member) for member in members]).items()
        }
    return doubts


def _look(photos: Sequence[LesionPhoto], case: LabelledCase, model: Model) -> NDArray[np.float64]:
    scores = collect(photos, case.context, model, samples=2, seed=0).scores()
    return scores.mean(0).double().softmax(0).numpy()


def _probabilities(prediction: Prediction) -> NDArray[np.float64]:
    return np.array([each.probability.value for each in prediction.differentials])


def _disagreement(looks: Sequence[NDArray[np.float64]]) -> dict[str, float]:
    stacked = np.array(looks)
    return {"entropy": float(entropy(stacked.mean(0))), "mutual information": float(mutual_information(stacked))}


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
