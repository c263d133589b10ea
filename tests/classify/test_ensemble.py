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


def test_with_a_mirrored_look_every_term_of_the_photo_is_the_mean_over_both_looks(singles, photos):
    plain, both = join(singles), join(singles, mirrored=True)
    mirrored = photos.flip(3)
    with torch.inference_mode():
        maps = both.class_maps(both.trunk(photos))
        expected = plain.class_maps(plain.trunk(photos)) + plain.class_maps(plain.trunk(mirrored)).flip(3)
        assert torch.allclose(maps, expected / 2, atol=1e-4)
        assert torch.allclose(both.class_maps(both.trunk(mirrored)), maps.flip(3), atol=1e-4)
        # outline and novelty are told from the photo as it is
        assert torch.allclose(outline(both, photos), outline(plain, photos), atol=1e-5)
        assert all(map(torch.equal, both.steps(photos)[:3], plain.steps(photos)[:3]))


def test_taken_apart_each_column_keeps_both_its_looks(singles, photos):
    both = join(singles, mirrored=True)
    with torch.inference_mode():
        parts = [network.photo_evidence(photos) for network in apart(both)]
        assert torch.allclose(torch.stack(parts).mean(0), both.photo_evidence(photos), atol=1e-4)
        for part, network in zip(parts, singles, strict=True):
            views = network.photo_evidence(photos) + network.photo_evidence(photos.flip(3))
            assert torch.allclose(part, views / 2, atol=1e-4)


def test_a_second_look_has_the_weights_of_the_first(singles):
    plain, both = join(singles), join(singles, mirrored=True)
    assert {name for name, tensor in both.state_dict().items() if tensor.shape != plain.state_dict()[name].shape} == {
        "head.weight",
        "concepts.weight",
    }
    assert set(both.state_dict()) == set(plain.state_dict())


def test_a_network_of_one_column_joined_alone_is_itself(singles, photos):
    with torch.inference_mode():
        assert torch.equal(join(singles[:1]).photo_evidence(photos), singles[0].photo_evidence(photos))
