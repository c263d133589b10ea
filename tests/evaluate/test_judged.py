"""Each case by what the product says of it."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.special import softmax
from scipy.stats import entropy

from derm_xai.classify.columns import COLUMNS
from derm_xai.classify.ensemble import join
from derm_xai.classify.novelty import describe, distance
from derm_xai.classify.predict import collect, predict
from derm_xai.classify.preprocess import resize, scale
from derm_xai.datasets.sources import LabelledCase, LabelledPhoto
from derm_xai.evaluate.judged import judge_all, novelty_scores, scored
from derm_xai.evaluate.not_lesions import mean_dice
from derm_xai.notes.levels import encode
from derm_xai.photo import read_photo
from derm_xai.records import ClinicalContext
from derm_xai.settings import Settings
from derm_xai.vocabulary import DIAGNOSES, Diagnosis, ImageType
from tests.conftest import draw, encoded, make_network
from tests.looks import looks, seen_maps

FEW = Settings(samples=2, seed=3)
ALL = frozenset(ImageType)


def case_of(*photos: tuple[int, ImageType], **context) -> LabelledCase:
    labelled = tuple(LabelledPhoto(f"p{seed}", kind, lambda seed=seed: encoded(draw(seed, 96, 128))) for seed, kind in photos)
    return LabelledCase("c", "g", "MILK10k", Diagnosis.NV, labelled, ClinicalContext(**context))


def test_doubts_by_looks_and_columns_are_scipys(model):
    case = case_of((1, ImageType.CLINICAL), (2, ImageType.DERMOSCOPIC), age=50)
    singles = [make_network(seed, [column]).requires_grad_(False) for seed, column in enumerate(COLUMNS)]
    network = join(singles, four_looks=True).requires_grad_(False)
    (judged,) = judge_all([case], ALL, "cases", replace(model, network=network), FEW)
    pixels = [scale(resize(read_photo(photo.read(), photo.image_type).pixels))[None] for photo in case.photos]
    types = network.image_type.weight[[list(ImageType).index(photo.image_type) for photo in case.photos]].sum(0)
    same = types + network.notes_terms(torch.tensor([encode(case.context)]))[0].sum(0)
    temperature = model.manifest.temperature["clinical+dermoscopic"]

    def shares(look: int, networks) -> np.ndarray:
        views = [(looks(photo)[look][0], photo) for photo in pixels]
        said = [sum(seen_maps(each, *view)[0].mean((1, 2)) for view in views) for each in networks]
        return softmax(((torch.stack(said).mean(0) + same) / temperature).double().numpy())

    by_look = [shares(look, singles) for look in range(4)]
    columns = [softmax(np.mean([np.log(shares(look, [single])) for look in range(4)], 0)) for single in singles]
    for kind, rows in {"test-time augmentation": by_look, "ensemble": columns}.items():
        mean = np.mean(rows, axis=0)
        assert judged.others[f"{kind}, entropy"] == pytest.approx(entropy(mean), abs=1e-5)
        expected = np.mean([entropy(row, mean) for row in rows])
        assert judged.others[f"{kind}, mutual information"] == pytest.approx(expected, abs=1e-5)
        assert expected > 1e-4


def test_only_photos_of_the_kinds_asked_for_are_judged(model):
    case = case_of((1, ImageType.CLINICAL), (2, ImageType.DERMOSCOPIC))
    (judged,) = judge_all([case], frozenset({ImageType.DERMOSCOPIC}), "cases", model, FEW)
    dermoscopic = read_photo(case.photos[1].read(), ImageType.DERMOSCOPIC)
    assert judged.prediction == predict(collect([dermoscopic], case.context, model, samples=FEW.samples, seed=FEW.seed), model)
    assert judged.dice == ()


@pytest.mark.parametrize(
    ("age", "band"),
    [(None, ""), (0, "0 to 19"), (19, "0 to 19"), (20, "20 to 39"), (79, "60 to 79"), (80, "80 or over"), (99, "80 or over")],
)
def test_cases_as_arrays(model, age, band):
    case = case_of((1, ImageType.CLINICAL), (2, ImageType.DERMOSCOPIC), age=age, sex="female", skin_tone=0)
    judged = judge_all([case], frozenset({ImageType.CLINICAL}), "cases", model, FEW)
    cases = scored(judged, lambda each: each.probability_photo)
    prediction = judged[0].prediction
    assert cases.probabilities.tolist() == [[each.probability_photo for each in prediction.differentials]]
    assert (cases.label.tolist(), cases.group.tolist()) == ([DIAGNOSES.index("NV")], ["g"])
    assert {name: values.tolist() for name, values in cases.attributes.items()} == {
        "image type": ["clinical+dermoscopic"],
        "age band": [band],
        "sex": ["female"],
        "site": [""],
        "skin tone": ["0"],
        "Fitzpatrick type": [""],
        "confirmed by": [""],
    }
    for level, inside in cases.sets.items():
        assert [DIAGNOSES[index] for index in np.flatnonzero(inside[0])] == list(prediction.prediction_sets[f"{level:.2f}"])
    assert {name: values.tolist() for name, values in cases.doubts.items()} == {
        name: [value] for name, value in (prediction.doubts | judged[0].others).items()
    }


def test_each_voice_is_read_by_its_name(model):
    judged = judge_all([case_of((1, ImageType.CLINICAL), age=70)], ALL, "cases", model, FEW)

    def read(voice) -> list[float]:
        return scored(judged, voice).probabilities[0].tolist()

    (prediction,) = (each.prediction for each in judged)
    assert read(lambda each: each.probability.value) == [each.probability.value for each in prediction.differentials]
    assert read(lambda each: each.probability_notes) == [each.probability_notes for each in prediction.differentials]
    assert read(lambda each: each.probability_notes) != pytest.approx(read(lambda each: each.probability_photo))


def test_the_mean_dice_counts_each_case_once(model):
    (judged,) = judge_all([case_of((1, ImageType.CLINICAL))], ALL, "cases", model, FEW)
    cases = [replace(judged, dice=dice) for dice in ((), (0.2, 0.4), (0.9,))]
    figure = mean_dice(cases, resamples=5)
    # (0.3 + 0.9) / 2: the case without a mask is left out, the one with two photos counts as one
    assert (figure.value, figure.n) == (pytest.approx(0.6), 2)
    assert mean_dice(cases[:1]) is None


def test_novelty_scores_are_the_distances_of_what_the_network_sees(model):
    photos = [read_photo(encoded(draw(seed, 96, 128)), ImageType.CLINICAL) for seed in range(2)]
    with torch.inference_mode():
        steps = [model.network.steps(scale(resize(photo.pixels))[None]) for photo in photos]
        expected = [float(distance(model.feature_space, describe(each))) for each in steps]
    assert novelty_scores(photos, model).tolist() == pytest.approx(expected, rel=1e-4)
    assert expected[0] != pytest.approx(expected[1], rel=1e-3)
