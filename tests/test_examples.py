import builtins
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import derm_xai.examples
from derm_xai.examples import CATALOGUE, RECIPES, Example, draw, photos
from derm_xai.synthetic_mark import above_mark, is_marked_synthetic
from derm_xai.vocabulary import Diagnosis, ImageType

Pixels = NDArray[np.uint8]
Gallery = list[tuple[Example, dict[ImageType, Pixels]]]


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    return [(example, photos(example)) for example in CATALOGUE]


def absorbance(pixels: Pixels) -> NDArray[np.float64]:
    """How much more red, green and blue the middle of the picture swallows than the skin at its left and right."""
    light = (above_mark(pixels) / 255.0) ** 2.2 + 0.005
    middle = light[200:260, 280:360]
    skin = np.concatenate([light[120:340, 130:170], light[120:340, 470:510]], axis=1)
    lost = -np.log(np.median(middle, axis=(0, 1)) / np.median(skin, axis=(0, 1)))
    return np.asarray(lost / np.linalg.norm(lost))


def test_the_same_seed_draws_the_same_photo_and_another_seed_another(gallery: Gallery) -> None:
    example, drawn = gallery[0]
    view = ImageType.CLINICAL
    again = draw(example.kind, view, example.seed, tone=example.context.skin_tone or 0)
    assert np.array_equal(above_mark(drawn[view]), again[: len(above_mark(drawn[view]))])
    assert not np.array_equal(again, draw(example.kind, view, example.seed + 1, tone=example.context.skin_tone or 0))


def test_photos_are_rgb_of_the_promised_size_and_not_flat(gallery: Gallery) -> None:
    for example, drawn in gallery:
        assert tuple(drawn) == example.views
        for pixels in drawn.values():
            assert pixels.shape == (480, 640, 3)
            assert pixels.dtype == np.uint8
            assert above_mark(pixels).std(axis=(0, 1)).min() > 5


def test_every_photo_of_the_catalogue_says_that_it_is_synthetic(gallery: Gallery) -> None:
    assert all(is_marked_synthetic(pixels) for _, drawn in gallery for pixels in drawn.values())


def test_both_views_of_an_example_share_the_palette_of_the_lesion(gallery: Gallery) -> None:
    pairs = [drawn for example, drawn in gallery if len(example.views) == 2]
    assert len(pairs) >= 2
    for drawn in pairs:
        close, through_gel = (absorbance(drawn[view]) for view in ImageType)
        assert close @ through_gel > 0.95


def test_the_lesion_is_larger_under_the_dermatoscope(gallery: Gallery) -> None:
    def share(pixels: Pixels) -> float:
        green = above_mark(pixels)[..., 1].astype(float)
        return float((green < 0.75 * np.median(green)).mean())

    example, drawn = gallery[0]
    assert example.kind == Diagnosis.MEL
    assert share(drawn[ImageType.DERMOSCOPIC]) > 2 * share(drawn[ImageType.CLINICAL]) > 0


def test_darker_skin_is_darker() -> None:
    dark, light = (draw(Diagnosis.NV, ImageType.DERMOSCOPIC, 8, tone=tone) for tone in (0, 5))
    assert dark.mean() < light.mean() - 30


def test_drawing_opens_no_file_and_the_package_holds_only_code(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(derm_xai.examples.__file__).parent
    assert {path.suffix for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts} == {".py"}
    monkeypatch.setattr(builtins, "open", lambda *_, **__: pytest.fail("a file was opened"))
    draw(Diagnosis.BKL, ImageType.CLINICAL, 1)


def test_the_catalogue_covers_close_up_only_dermoscopy_only_and_both() -> None:
    views = [example.views for example in CATALOGUE]
    assert views.count(tuple(ImageType)) >= 2
    assert (ImageType.CLINICAL,) in views
    assert (ImageType.DERMOSCOPIC,) in views
    assert len({example.title for example in CATALOGUE}) == len(CATALOGUE)
    assert {example.kind for example in CATALOGUE} <= set(RECIPES)


def test_every_patient_is_said_to_be_invented() -> None:
    assert all(example.context.notes.startswith("INVENTED PATIENT.") for example in CATALOGUE)
    assert any((example.context.skin_tone or 0) <= 1 for example in CATALOGUE)
