import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import mahalanobis
from sklearn.decomposition import PCA

from derm_xai.classify import novelty


def drawn(photos: int = 400, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Two classes in four features of unlike spread."""
    generator = torch.Generator().manual_seed(seed)
    centres = torch.tensor([[3.0, 0, 0, 0], [0, 3.0, 0, 0]])
    labels = torch.arange(photos) % 2
    return (centres[labels] + torch.randn(photos, 4, generator=generator)) * torch.tensor([1.0, 20.0, 0.1, 5.0]), labels


def test_distance_is_mahalanobis_to_the_nearest_class():
    features, labels = drawn()
    space = novelty.fit(features, labels)
    # with all but one direction kept, the model is the full within-class covariance
    scaled = features.double().numpy() / features.double().numpy().std(0, ddof=1)
    means = [scaled[labels == index].mean(0) for index in (0, 1)]
    within = scaled - np.array(means)[labels]
    precision = np.linalg.inv(within.T @ within / 398)
    expected = [min(mahalanobis(row, mean, precision) for mean in means) / 2 for row in scaled[:20]]
    assert np.allclose(novelty.distance(space, features[:20]), expected, rtol=1e-3)


def test_distance_is_mahalanobis_by_scikit_learns_probabilistic_pca_of_64_directions():
    generator = np.random.default_rng(0)
    turn = np.linalg.qr(generator.normal(size=(80, 80)))[0]
    features = generator.normal(size=(500, 80)) * np.linspace(3, 0.3, 80) @ turn
    photos = torch.from_numpy(features).float()
    space = novelty.fit(photos, torch.zeros(500, dtype=torch.long))
    scaled = features / features.std(0, ddof=1)
    precision = PCA(64).fit(scaled).get_precision()
    expected = [mahalanobis(row, scaled.mean(0), precision) / np.sqrt(80) for row in scaled[:20]]
    assert novelty.distance(space, photos[:20]).tolist() == pytest.approx(expected, rel=1e-3)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0.01, 100), min_size=4, max_size=4))
def test_the_unit_of_a_channel_is_of_no_account(factors):
    features, labels = drawn()
    scaled = features * torch.tensor(factors)
    expected = novelty.distance(novelty.fit(features, labels), features[:30])
    assert torch.allclose(novelty.distance(novelty.fit(scaled, labels), scaled[:30]), expected, rtol=1e-2)


def test_a_training_photo_lies_at_about_one():
    features, labels = drawn()
    distances = novelty.distance(novelty.fit(features, labels), features)
    assert float(distances.square().mean()) == pytest.approx(1, abs=0.05)


def test_something_else_is_further_than_the_training_photos():
    generator = torch.Generator().manual_seed(1)
    features = torch.rand(300, 200, generator=generator) + torch.eye(200)[:1] * 5
    space = novelty.fit(features, torch.zeros(300, dtype=torch.long))
    other = torch.rand(1, 200, generator=generator) + torch.eye(200)[1:2] * 5
    assert novelty.distance(space, other) > novelty.distance(space, features).max()


def test_a_channel_that_never_changes_does_no_harm():
    features, labels = drawn()
    space = novelty.fit(torch.cat([features, torch.full((400, 1), 6.0)], 1), labels)
    assert novelty.distance(space, torch.cat([features, torch.full((400, 1), 6.0)], 1)).isfinite().all()


def test_classes_need_not_be_numbered_without_gaps():
    features, labels = drawn()
    plain, gaps = novelty.fit(features, labels), novelty.fit(features, labels * 7 + 2)
    assert torch.equal(novelty.distance(plain, features), novelty.distance(gaps, features))


def test_a_photo_is_described_by_mean_and_deviation_of_each_channel_by_hand():
    fine = torch.tensor([[[[1.0, 3.0]], [[0.0, 0.0]]]])
    coarse = torch.tensor([[[[2.0, 4.0], [6.0, 8.0]]]])
    # unbiased deviations: of 1 and 3 the root of 2; of 2, 4, 6, 8 the root of 20/3
    expected = [2, 0, 2**0.5, 0, 5, (20 / 3) ** 0.5]
    assert novelty.describe([fine, coarse])[0].tolist() == pytest.approx(expected)


def test_the_last_step_is_left_out_of_the_description():
    steps = [torch.rand(2, channels, 4, 4) for channels in (24, 32, 96, 160)]
    assert novelty.describe(steps).shape == (2, 304)
    assert torch.equal(novelty.describe(steps), novelty.describe([*steps[:3], steps[3] * 9]))


def test_a_mirrored_photo_has_the_same_description():
    layers = [torch.rand(2, 3, 8, 12), torch.rand(2, 5, 4, 6)]
    assert torch.allclose(novelty.describe(layers), novelty.describe([layer.flip(3) for layer in layers]), atol=1e-6)
    assert not torch.allclose(*novelty.describe(layers), atol=1e-3)
