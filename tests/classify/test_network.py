import pytest
import torch
from captum.attr import LayerGradCam
from torch import nn

from derm_xai.classify.network import EvidenceNet, SameConv2d
from derm_xai.notes.levels import FIELDS
from derm_xai.vocabulary import DIAGNOSES
from tests.conftest import make_network


@pytest.fixture(scope="module")
def network() -> EvidenceNet:
    return make_network()


def test_same_padding_is_tensorflows():
    # a 4x4 input, all-ones 3x3 kernel, stride 2: TensorFlow pads one row below and one column right, none above or left
    layer = SameConv2d(1, 1, 3, 2, bias=False)
    nn.init.ones_(layer.weight)
    picture = torch.arange(16.0).view(1, 1, 4, 4)
    assert layer(picture)[0, 0].tolist() == [[45.0, 39.0], [66.0, 50.0]]


def test_shapes_follow_the_photo(network):
    with torch.inference_mode():
        maps = network.class_maps(network.trunk(torch.zeros(2, 3, 192, 256)))
    assert maps.shape == (2, len(DIAGNOSES), 6, 8)


def test_the_class_map_mean_is_the_photo_evidence(network):
    photos = torch.rand(2, 3, 224, 224) * 2 - 1
    with torch.inference_mode():
        maps = network.class_maps(network.trunk(photos))
        pooled = network.activations(network.trunk(photos)).mean((2, 3)) @ network.head.weight[:, :, 0, 0].T
        assert torch.allclose(maps.mean((2, 3)), pooled, atol=1e-5)
        assert torch.equal(network.photo_evidence(photos), maps.mean((2, 3)))


def test_captums_grad_cam_is_the_class_map(network):
    class Photo(nn.Module):
        def __init__(self):
            super().__init__()
            self.network, self.last = network, nn.Identity()

        def forward(self, photos):
            return network.head(self.last(network.activations(network.trunk(photos)))).mean((2, 3))

    photo = Photo()
    pixels = torch.rand(1, 3, 192, 256) * 2 - 1
    maps = network.class_maps(network.trunk(pixels))
    for index in range(len(DIAGNOSES)):
        cam = LayerGradCam(photo, photo.last).attribute(pixels, target=index)
        assert torch.allclose(cam[0, 0] * 48, maps[0, index], atol=1e-4)


def test_not_recorded_is_zero_evidence_even_after_a_training_step():
    network = make_network()
    levels = torch.zeros(1, len(FIELDS), dtype=torch.long)
    levels[0, 0] = 3
    network.notes_terms(levels).sum().backward()
    torch.optim.SGD(network.parameters(), 1.0).step()
    terms = network.notes_terms(torch.zeros(1, len(FIELDS), dtype=torch.long))
    assert terms.abs().max() == 0
    assert network.notes_terms(levels)[0, 0].abs().max() > 0


def test_samples_differ_and_repeat_with_their_seed(network):
    def sample(seed):
        with torch.inference_mode():
            return network.class_maps(trunk.expand(4, -1, -1, -1), torch.Generator().manual_seed(seed))

    with torch.inference_mode():
        trunk = network.trunk(torch.rand(1, 3, 192, 256))
        before = {name: value.clone() for name, value in network.state_dict().items()}
        first = sample(1)
    assert torch.equal(first, sample(1))
    assert not torch.equal(first, sample(2))
    assert not torch.equal(first[0], first[1])
    # batch norm is never in training mode: sampling leaves its statistics alone
    assert all(torch.equal(value, network.state_dict()[name]) for name, value in before.items())


def test_many_samples_average_to_the_network_without_dropout(network):
    with torch.inference_mode():
        trunk = network.trunk(torch.rand(1, 3, 64, 64))
        dropped = network._drop(trunk.expand(4000, -1, -1, -1), 0.2, torch.Generator().manual_seed(0)).mean(0)
    assert torch.allclose(dropped, trunk[0], atol=0.1 * float(trunk.abs().max()))
