"""Networks of one column each as one network. Every term is linear, so the joint score is the mean of theirs."""

from collections.abc import Sequence

import torch

from derm_xai.classify.network import EvidenceNet


@torch.no_grad()
def join(networks: Sequence[EvidenceNet], *, four_looks: bool = False) -> EvidenceNet:
    """Return one network whose evidence, notes terms, concepts and outline (as log-odds) are the mean of the networks'.

    The networks have one column and one look each. With `four_looks` the joint one is the mean over its looks, too.
    """
    columns = [each for network in networks for each in network.architectures]
    joined = EvidenceNet(networks[0].dropout, columns, four_looks=four_looks)
    for index, network in enumerate(networks):
        joined.columns[index].load_state_dict(network.columns[0].state_dict())
        joined.decoders[index].load_state_dict(network.decoders[0].state_dict())
    for layer in ("head", "concepts"):
        weights = [network.get_parameter(f"{layer}.weight").data for network in networks]
        joined.get_parameter(f"{layer}.weight").copy_(torch.cat(weights, 1) / len(networks))
    for name, table in joined.named_parameters():
        if name.startswith(("image_type.", "fields.", "concepts.bias")):
            table.copy_(torch.stack([network.get_parameter(name) for network in networks]).mean(0))
    return joined.train(networks[0].training)
