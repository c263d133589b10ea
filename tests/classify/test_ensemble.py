import pytest
import torch

from derm_xai.classify.columns import EFFICIENTNET_LITE2, MOBILENET_V2
from derm_xai.classify.ensemble import join
from derm_xai.notes.levels import FIELDS
from tests.conftest import make_network
from tests.looks import looks, seen_maps


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


def test_every_term_of_the_photo_is_the_mean_over_the_looks(singles, photos):
    plain, all_looks = join(singles), join(singles, four_looks=True)
    with torch.inference_mode():
        maps = all_looks.class_maps(all_looks.trunk(photos))
        each = [back(seen_maps(plain, view, photos)) for view, back in looks(photos)]
        assert torch.allclose(maps, torch.stack(each).mean(0), atol=1e-4)
        turned = all_looks.class_maps(all_looks.trunk(photos.flip(2, 3)))
        assert torch.allclose(turned.flip(2, 3), maps, atol=1e-3)
        # outline and novelty are told from the photo as it is
        assert torch.allclose(outline(all_looks, photos), outline(plain, photos), atol=1e-5)
        assert all(map(torch.equal, all_looks.steps(photos)[:3], plain.steps(photos)[:3]))


def test_a_photo_of_one_cell_is_looked_at_as_large_as_it_is(singles):
    plain, all_looks = join(singles), join(singles, four_looks=True)
    grey = torch.full((1, 3, 32, 32), 0.5)
    with torch.inference_mode():
        assert torch.allclose(all_looks.photo_evidence(grey), plain.photo_evidence(grey), atol=1e-4)


@pytest.mark.parametrize("four_looks", [False, True])
def test_each_look_of_each_column_has_an_opinion(singles, photos, four_looks):
    joint = join(singles, four_looks=four_looks)
    with torch.inference_mode():
        opinions = joint.opinions(joint.trunk(photos))
        assert opinions.shape == (2, 4 if four_looks else 1, 2, 11)
        assert torch.allclose(opinions.mean((1, 2)), joint.photo_evidence(photos), atol=1e-4)
        for (view, _), said in zip(looks(photos), opinions.unbind(1), strict=False):
            maps = [seen_maps(network, view, photos) for network in singles]
            assert torch.allclose(said, torch.stack(maps, 1).mean((3, 4)), atol=1e-4)


def test_further_looks_have_the_weights_of_the_first(singles):
    plain, all_looks = join(singles).state_dict(), join(singles, four_looks=True).state_dict()
    assert set(plain) == set(all_looks)
    assert all(torch.equal(plain[name], all_looks[name]) for name in plain)


def test_a_network_of_one_column_joined_alone_is_itself(singles, photos):
    with torch.inference_mode():
        assert torch.equal(join(singles[:1]).photo_evidence(photos), singles[0].photo_evidence(photos))
