import numpy as np
import torch
from scipy.spatial.distance import mahalanobis

from derm_xai.classify import novelty


def test_distance_is_mahalanobis_to_the_nearest_class():
    generator = torch.Generator().manual_seed(0)
    centres = torch.tensor([[3.0, 0, 0, 0], [0, 3.0, 0, 0]])
    labels = torch.arange(400) % 2
    features = centres[labels] + torch.randn(400, 4, generator=generator)
    space = novelty.fit(features, labels)
    # with all but one direction kept, the model is the full within-class covariance
    unit = torch.nn.functional.normalize(features, dim=1).double().numpy()
    means = [unit[labels == index].mean(0) for index in (0, 1)]
    within = unit - np.array(means)[labels]
    precision = np.linalg.inv(within.T @ within / 398)
    expected = [min(mahalanobis(row, mean, precision) for mean in means) / 2 for row in unit[:20]]
    assert np.allclose(novelty.distance(space, features[:20]), expected, rtol=1e-3)


def test_something_else_is_further_than_the_training_photos():
    generator = torch.Generator().manual_seed(1)
    features = torch.rand(300, 200, generator=generator) + torch.eye(200)[:1] * 5
    space = novelty.fit(features, torch.zeros(300, dtype=torch.long))
    other = torch.rand(1, 200, generator=generator) + torch.eye(200)[1:2] * 5
    assert novelty.distance(space, other) > novelty.distance(space, features).max()
