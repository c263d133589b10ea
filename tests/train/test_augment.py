import numpy as np
import torch

from derm_xai.classify.preprocess import scale
from derm_xai.train.augment import CANVAS, Augment, canvas
from tests.conftest import draw


def test_a_square_photo_keeps_its_middle_and_is_mirrored_outwards():
    pixels = draw(1, 224, 224)
    placed = canvas(pixels)
    assert placed.shape == (*CANVAS, 3)
    assert np.array_equal(placed[:, 16:240], pixels[16:208])
    assert np.array_equal(placed[:, 15], placed[:, 17])


def test_a_photo_of_the_canvas_shape_is_left_alone():
    assert np.array_equal(canvas(draw(1)), draw(1))


def test_views_are_random_stay_in_range_and_repeat_with_the_seed():
    photos = scale(np.stack([draw(1), draw(2)]))
    views = []
    for seed in (0, 0, 1):
        torch.manual_seed(seed)
        views.append(Augment((160, 224))(photos))
    assert views[0].shape == (2, 3, 160, 224)
    assert views[0].min() >= -1
    assert views[0].max() <= 1
    assert torch.equal(views[0], views[1])
    assert not torch.equal(views[0], views[2])
