"""What is said of the committed model is what was measured of it."""

from pathlib import Path

import pytest
import torch

from derm_xai.classify.checkpoint import CARD, WEIGHTS, load_model
from derm_xai.classify.preprocess import resize, scale
from derm_xai.evaluate.card import figures_table, model_card
from derm_xai.evaluate.records import EVALUATION, Evaluation
from derm_xai.examples import draw
from derm_xai.settings import Settings
from derm_xai.vocabulary import Diagnosis, ImageType

README = Path(__file__).resolve().parents[1] / "README.md"


@pytest.fixture(scope="module")
def folder() -> Path:
    return Settings().model_folder()


@pytest.fixture(scope="module")
def evaluation(folder) -> Evaluation:
    return Evaluation.model_validate_json((folder / EVALUATION).read_bytes())


def test_it_loads_and_is_small(folder):
    assert load_model(folder).manifest.id == folder.name
    assert (folder / WEIGHTS).stat().st_size < 25_000_000


def test_the_figures_are_of_these_weights(folder, evaluation):
    assert evaluation.weights_sha256 == load_model(folder).manifest.weights_sha256


def test_the_card_is_written_from_the_figures(folder, evaluation):
    assert (folder / CARD).read_text(encoding="utf-8") == model_card(load_model(folder).manifest, evaluation)


def test_the_readme_shows_the_same_figures(evaluation):
    assert figures_table(evaluation) in README.read_text(encoding="utf-8")


def test_nothing_is_pickled(folder):
    assert {path.suffix for path in folder.iterdir()} <= {".safetensors", ".json", ".md", ".svg"}


def test_a_photo_and_the_same_by_half_a_turn_get_one_answer(folder):
    """Each column looks at the photo both ways, so whether the camera was held upside down does not matter."""
    network = load_model(folder).network
    pixels = scale(resize(draw(Diagnosis.MEL, ImageType.DERMOSCOPIC, 1)))[None]
    with torch.inference_mode():
        maps, turned = (network.class_maps(network.trunk(each)) for each in (pixels, pixels.flip(2, 3)))
    assert torch.allclose(turned.flip(2, 3), maps, atol=1e-3)
    # and it is not for want of a difference between the looks
    assert not torch.allclose(maps.flip(2, 3), maps, atol=1e-1)
