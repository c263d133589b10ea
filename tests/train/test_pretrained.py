import pytest
import torch
from safetensors.torch import save_file

from derm_xai.classify.columns import EFFICIENTNET_LITE2
from derm_xai.classify.network import EvidenceNet
from derm_xai.errors import DataError
from derm_xai.train.pretrained import efficientnet_lite2, mobilenet_v2


def test_every_tensor_of_the_package_has_its_place():
    torch.manual_seed(0)
    network = efficientnet_lite2()
    assert network.architectures == (EFFICIENTNET_LITE2,)
    fresh = EvidenceNet(columns=[EFFICIENTNET_LITE2]).columns[0].state_dict()
    loaded = network.columns[0].state_dict()
    # batch norm statistics of a trained network differ from the initial ones in every layer
    assert all(not torch.equal(loaded[name], fresh[name]) for name in fresh if name.endswith("running_var"))


def test_its_activations_have_the_scale_of_a_trained_network():
    # misplaced weights would make the last activations die out or saturate at 6
    photo = torch.rand(1, 3, 192, 256, generator=torch.Generator().manual_seed(0)) * 2 - 1
    with torch.inference_mode():
        network = efficientnet_lite2().eval()
        activations = network.activations(network.trunk(photo))
    assert 0.01 < activations.mean() < 1
    assert (activations > 0).float().mean() > 0.02


def test_weights_of_something_else_are_refused(tmp_path):
    save_file({"classifier.weight": torch.zeros(3)}, tmp_path / "other.safetensors")
    with pytest.raises(DataError, match="MobileNetV2"):
        mobilenet_v2(tmp_path / "other.safetensors")
