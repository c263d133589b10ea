"""Networks of one column each as one network, and back. Every term is linear, so the joint score is the mean of theirs.

A joint network may take a second, mirrored look with each column: its evidence is the mean over the looks, too.
"""

from collections.abc import Sequence

import torch

from derm_xai.classify.columns import LAST
from derm_xai.classify.network import EvidenceNet


@torch.no_grad()
def join(networks: Sequence[EvidenceNet], *, mirrored: bool = False) -> EvidenceNet:
    """Return one network whose evidence, notes terms, concepts and outline (as log-odds) are the mean of the networks'.

    The networks have one column and one look each.
    """
    columns = [each for network in networks for each in network.architectures]
    joined = EvidenceNet(networks[0].dropout, columns, mirrored=mirrored)
    for index, network in enumerate(networks):
        joined.columns[index].load_state_dict(network.columns[0].state_dict())
        joined.decoders[index].load_state_dict(network.decoders[0].state_dict())
    for layer in ("head", "concepts"):
        weights = [network.get_parameter(f"{layer}.weight").data for network in networks]
        looks = weights * (len(joined.looks) // len(networks))
        joined.get_parameter(f"{layer}.weight").copy_(torch.cat(looks, 1) / len(looks))
    for name in _tables(joined):
        joined.get_parameter(name).copy_(torch.stack([network.get_parameter(name) for network in networks]).mean(0))
    return joined.train(networks[0].training)


@torch.no_grad()
def apart(network: EvidenceNet) -> list[EvidenceNet]:
    """Return a network for each column, with that column's photo evidence and the joint notes terms."""
    count = len(network.columns)
    return [_alone(network, index, count).eval().requires_grad_(False) for index in range(count)]


def _alone(network: EvidenceNet, index: int, count: int) -> EvidenceNet:
    single = EvidenceNet(network.dropout, [network.architectures[index]], mirrored=network.mirrored)
    single.columns[0].load_state_dict(network.columns[index].state_dict())
    single.decoders[0].load_state_dict(network.decoders[index].state_dict())
    for layer in ("head", "concepts"):
        looks = torch.split(network.get_parameter(f"{layer}.weight"), LAST, 1)[index::count]
        single.get_parameter(f"{layer}.weight").copy_(torch.cat(looks, 1) * count)
    for name in _tables(network):
        single.get_parameter(name).copy_(network.get_parameter(name))
    return single


def _tables(network: EvidenceNet) -> list[str]:
    """Return the names of the terms that do not depend on the photo."""
    return [name for name, _ in network.named_parameters() if name.startswith(("image_type.", "fields.", "concepts.bias"))]
