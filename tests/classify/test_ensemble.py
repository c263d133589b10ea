import pytest
import torch

from derm_xai.classify.columns import EFFICIENTNET_LITE2, MOBILENET_V2
from derm_xai.classify.ensemble import apart, join
from derm_xai.notes.levels import FIELDS
from tests.conftest import make_network


@pytest.fixture(scope="module")
def singles():
    return [make_network(seed, [column]) for seed, column in enumerate((MOBILENET_V2, EFFICIENTNET_LITE2))]


@pytest.fixture
def photos():
    return torch.rand(2, 3, 96, 128, generator=torch.Generator().manual_seed(1)) * 2 - 1


def outline(network, photos):
    return network.mask(network.steps(photos))


def test_the_joint_terms_are_the_mean_of_the_networks_terms(singles, photos):
    joint = join(singles)
    levels = torch.ones(1, len(FIELDS), dtype=torch.long)
    with torch.inference_mode():
        for term in (
            lambda network: network.photo_evidence(photos),
            lambda network: network.notes_terms(levels),
            lambda network: network.concepts(network.activations(network.trunk(photos))),
            lambda network: outline(network, photos),
            lambda network: network.image_type.weight,
        ):
            expected = (term(singles[0]) + term(singles[1])) / 2
            assert torch.allclose(term(joint), expected, atol=1e-4)


def test_taken_apart_each_column_says_what_it_said_of_the_photo(singles, photos):
    with torch.inference_mode():
        for network, again in zip(singles, apart(join(singles)), strict=True):
            assert torch.allclose(again.photo_evidence(photos), network.photo_evidence(photos), atol=1e-4)
            assert torch.allclose(outline(again, photos), outline(network, photos), atol=1e-4)


def test_a_network_of_one_column_joined_alone_is_itself(singles, photos):
    with torch.inference_mode():
        assert torch.equal(join(singles[:1]).photo_evidence(photos), singles[0].photo_evidence(photos))
