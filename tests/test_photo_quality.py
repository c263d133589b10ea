"""Quality, and the mark of drawn pictures."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from derm_xai.photo import measure_quality
from derm_xai.synthetic_mark import mark_synthetic
from tests.conftest import encoded
from tests.drawn_photos import Pixels, drawn, read


def blurred(pixels: Pixels) -> Pixels:
    return np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(0.02 * pixels.shape[1])))


def flat(value: int) -> Pixels:
    return np.full((192, 256, 3), value, np.uint8)


def board(dark: int, light: int) -> Pixels:
    """A checkerboard: its brightness is the mean of the two, its contrast half of what lies between them."""
    return np.repeat(np.where(np.indices((192, 256)).sum(axis=0) % 2, light, dark).astype(np.uint8)[..., None], 3, axis=2)


def first_words(pixels: Pixels) -> list[str]:
    quality = measure_quality(pixels)
    assert quality.ok == (not quality.reasons)
    assert all(reason.endswith("take it again.") for reason in quality.reasons)
    return [reason.split(":")[0].removeprefix("The photo ") for reason in quality.reasons]


def test_a_sharp_photo_is_ok() -> None:
    quality = read(encoded(drawn(), "JPEG", quality=90)).quality
    assert quality.ok
    assert quality.reasons == ()
    assert 100 < quality.brightness < 200


@pytest.mark.parametrize("height", [192, 768])
def test_a_blurred_photo_is_a_result_with_advice(height: int) -> None:
    quality = read(encoded(blurred(drawn(height, height * 4 // 3)), "PNG")).quality
    assert not quality.ok
    assert quality.reasons == ("The photo is blurred: hold the camera still, tap to focus on the lesion, and take it again.",)


def test_dark_bright_and_empty_photos_are_told_apart() -> None:
    assert first_words(drawn() // 6) == ["is too dark"]
    assert first_words(np.minimum(drawn(), 145) + 110) == ["is too bright"]
    assert first_words(flat(128)) == ["has almost no contrast", "is blurred"]
    assert first_words(flat(0)) == ["is too dark", "has almost no contrast", "is blurred"]
    assert first_words(flat(255)) == ["is too bright", "has almost no contrast", "is blurred"]


@pytest.mark.parametrize(("height", "width", "ok"), [(143, 400, False), (400, 143, False), (144, 144, True)])
def test_a_sharp_thumbnail_is_not_enough(height: int, width: int, ok: bool) -> None:
    small = np.asarray(Image.fromarray(drawn(432, 432)).resize((width, height), Image.Resampling.LANCZOS))
    assert first_words(small) == ([] if ok else ["has too few pixels to show detail"])


def test_measures_by_hand() -> None:
    """On a checkerboard of 100 and 110 each Laplacian is +40 or -40."""
    quality = measure_quality(board(100, 110)[:64, :64])
    assert (quality.sharpness, quality.brightness, quality.contrast) == (1600, 105, 5)
    red = measure_quality(np.tile(np.array([200, 0, 0], np.uint8), (64, 64, 1)))
    assert red.brightness == pytest.approx(0.299 * 200, abs=1)


@pytest.mark.parametrize(("brightness", "words"), [(39, ["is too dark"]), (41, []), (234, []), (236, ["is too bright"])])
def test_brightness_at_its_limits(brightness: int, words: list[str]) -> None:
    assert first_words(board(brightness - 6, brightness + 6)) == words


@pytest.mark.parametrize(("contrast", "words"), [(3, ["has almost no contrast"]), (5, [])])
def test_contrast_at_its_limit(contrast: int, words: list[str]) -> None:
    assert first_words(board(100, 100 + 2 * contrast)) == words


def test_sharpness_does_not_grow_with_the_size_of_the_file() -> None:
    assert measure_quality(drawn(768, 1024)).sharpness == pytest.approx(measure_quality(drawn()).sharpness, rel=0.6)


def test_a_long_thin_photo_can_be_measured() -> None:
    assert read(encoded(np.tile(drawn()[:64, :64], (1, 200, 1)), "PNG")).quality.sharpness > 0


def test_the_mark_is_read_from_the_pixels_and_does_not_hide_blur() -> None:
    marked = read(encoded(mark_synthetic(blurred(drawn())), "JPEG", quality=80))
    assert marked.synthetic
    assert [reason[:20] for reason in marked.quality.reasons] == ["The photo is blurred"]
    assert not read(encoded(drawn(), "JPEG", quality=80)).synthetic
