import numpy as np
import pytest

from derm_xai.classify.preprocess import resize, scale


@pytest.mark.parametrize(
    ("height", "width", "shape"),
    [(240, 320, (224, 288)), (450, 600, (224, 288)), (384, 384, (256, 256)), (640, 480, (288, 224)), (64, 6400, (64, 2528))],
)
def test_whole_photo_at_a_fixed_area(height, width, shape):
    assert resize(np.zeros((height, width, 3), np.uint8)).shape == (*shape, 3)


def test_training_may_ask_for_another_area():
    assert resize(np.zeros((240, 320, 3), np.uint8), 192 * 256).shape == (192, 256, 3)


def test_scale_is_minus_one_to_one():
    assert scale(np.array([[[0, 255, 51]]], np.uint8)).flatten().tolist() == pytest.approx([-1, 1, -0.6])


def test_what_is_finer_than_the_input_comes_out_grey():
    """A checkerboard of black and white pixels, without the moiré of a photo that is not smoothed before it is made small."""
    board = np.where(np.indices((1536, 2048)).sum(0) % 2, 255, 0).astype(np.uint8)
    assert np.abs(resize(np.repeat(board[..., None], 3, 2)) - 127.5).max() < 8
