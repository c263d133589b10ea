import numpy as np
from PIL import Image

from derm_xai.datasets.near_duplicates import NEAR, near_pairs, perceptual_hash
from tests.conftest import draw


def test_a_copy_made_smaller_and_brighter_is_found_and_another_spot_is_not():
    original = draw(1, 384, 512)
    copy = np.array(Image.fromarray(original).resize((256, 192))).astype(int)
    other = np.roll(draw(2, 384, 512), 90, axis=1)
    hashes = np.stack([perceptual_hash(each) for each in (original, (copy + 12).clip(0, 255).astype(np.uint8), other)])
    assert [(first, second) for first, second, _ in near_pairs(hashes)] == [(0, 1)]


def test_pairs_by_hand():
    hashes = np.zeros((1030, 256), bool)
    hashes[:, :128] = np.random.default_rng(0).random((1030, 128)) < 0.5
    hashes[1029] = hashes[3]
    hashes[1029, 200 : 200 + NEAR] = True
    hashes[7] = hashes[5]
    hashes[7, 200 : 201 + NEAR] = True
    # 3 and 1029 differ in exactly the limit, in different blocks of rows; 5 and 7 in one bit more
    assert list(near_pairs(hashes)) == [(3, 1029, NEAR)]
