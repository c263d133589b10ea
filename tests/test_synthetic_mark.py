from io import BytesIO

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from derm_xai.synthetic_mark import above_mark, is_marked_synthetic, mark_synthetic

Pixels = NDArray[np.uint8]
SIZES = [(192, 256), (128, 128), (768, 1024), (1000, 200)]


def drawn(height: int, width: int) -> Pixels:
    rows, columns = np.mgrid[:height, :width]
    noise = np.random.default_rng(3).normal(0, 10, (height, width))
    return np.stack([190 - 40 * rows / height + noise, 150 - 30 * columns / width + noise, 130 + noise], axis=-1).astype(
        np.uint8
    )


def through(pixels: Pixels, image_format: str, **options: int) -> Pixels:
    file = BytesIO()
    Image.fromarray(pixels).save(file, image_format, **options)
    return np.asarray(Image.open(file).convert("RGB"))


def half(pixels: Pixels, resampling: Image.Resampling) -> Pixels:
    height, width, _ = pixels.shape
    return np.asarray(Image.fromarray(pixels).resize((width // 2, height // 2), resampling))


@pytest.mark.parametrize(("height", "width"), [*SIZES, (64, 64), (65, 91)])
def test_a_marked_picture_is_known_after_png_and_jpeg(height: int, width: int) -> None:
    marked = mark_synthetic(drawn(height, width))
    assert not is_marked_synthetic(drawn(height, width))
    assert is_marked_synthetic(through(marked, "PNG"))
    assert is_marked_synthetic(through(marked, "JPEG", quality=80))


@pytest.mark.parametrize("resampling", [Image.Resampling.BOX, Image.Resampling.BILINEAR, Image.Resampling.LANCZOS])
@pytest.mark.parametrize(("height", "width"), SIZES)
def test_the_mark_survives_half_size_and_jpeg_together(height: int, width: int, resampling: Image.Resampling) -> None:
    small = half(mark_synthetic(drawn(height, width)), resampling)
    assert is_marked_synthetic(through(small, "JPEG", quality=80))


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_only_the_strip_is_written(height: int, width: int) -> None:
    picture = drawn(height, width)
    before = picture.copy()
    marked = mark_synthetic(picture)
    rows = max(8, round(0.04 * height))
    assert np.array_equal(picture, before)
    assert marked.dtype == np.uint8
    assert marked.shape == picture.shape
    assert np.array_equal(marked[:-rows], picture[:-rows])
    assert np.array_equal(above_mark(marked), picture[:-rows])
    assert np.array_equal(above_mark(picture), picture)


def test_the_word_is_dark_on_light_beside_the_code() -> None:
    strip = mark_synthetic(drawn(768, 1024))[-31:, 512:, 0]
    assert strip.min() < 40
    assert 0.1 < (strip < 128).mean() < 0.4
    assert np.unique(strip, axis=1).shape[1] > 50  # letters, not blocks


def test_marking_twice_changes_nothing() -> None:
    marked = mark_synthetic(drawn(192, 256))
    assert np.array_equal(mark_synthetic(marked), marked)


@pytest.mark.parametrize("turn", ["flipped", "inverted", "cropped"])
def test_something_like_the_mark_is_not_the_mark(turn: str) -> None:
    marked = mark_synthetic(drawn(192, 256))
    changed = {"flipped": marked[:, ::-1], "inverted": 255 - marked, "cropped": marked[:-10]}[turn]
    assert not is_marked_synthetic(changed)


def test_noise_rulers_and_tiny_pictures_carry_no_mark() -> None:
    random = np.random.default_rng(11)
    assert not any(is_marked_synthetic(random.integers(0, 256, (64, 96, 3), dtype=np.uint8)) for _ in range(500))
    for period in range(1, 65):
        ruler = np.tile((255 * (np.arange(256) // period % 2)).astype(np.uint8)[None, :, None], (192, 1, 3))
        assert not is_marked_synthetic(ruler)
    assert not any(is_marked_synthetic(np.zeros((side, side, 3), np.uint8)) for side in range(1, 70))
