import pytest
import torch

from derm_xai.classify.columns import EFFICIENTNET_LITE2, MOBILENET_V2
from derm_xai.classify.ensemble import join
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


def views(photos):
    """Return the photos turned over in each way, with what lays a map of them back."""
    return [(turn(photos), turn) for turn in (lambda x: x, lambda x: x.flip(3), lambda x: x.flip(2), lambda x: x.flip(2, 3))]


def test_with_mirrored_looks_every_term_of_the_photo_is_the_mean_over_the_looks(singles, photos):
    plain, all_looks = join(singles), join(singles, mirrored=True)
    with torch.inference_mode():
        maps = all_looks.class_maps(all_looks.trunk(photos))
        expected = torch.stack([back(plain.class_maps(plain.trunk(view))) for view, back in views(photos)]).mean(0)
        assert torch.allclose(maps, expected, atol=1e-4)
        for view, back in views(photos):
            assert torch.allclose(back(all_looks.class_maps(all_looks.trunk(view))), maps, atol=1e-4)
        # outline and novelty are told from the photo as it is
        assert torch.allclose(outline(all_looks, photos), outline(plain, photos), atol=1e-5)
        assert all(map(torch.equal, all_looks.steps(photos)[:3], plain.steps(photos)[:3]))


@pytest.mark.parametrize("mirrored", [False, True])
def test_each_look_of_each_column_has_an_opinion(singles, photos, mirrored):
    joint = join(singles, mirrored=mirrored)
    with torch.inference_mode():
        opinions = joint.opinions(joint.trunk(photos))
        assert opinions.shape == (2, 4 if mirrored else 1, 2, 11)
        assert torch.allclose(opinions.mean((1, 2)), joint.photo_evidence(photos), atol=1e-4)
        for (view, _), said in zip(views(photos), opinions.unbind(1), strict=False):
            expected = torch.stack([network.photo_evidence(view) for network in singles], 1)
            assert torch.allclose(said, expected, atol=1e-4)


def test_further_looks_have_the_weights_of_the_first(singles):
    plain, all_looks = join(singles).state_dict(), join(singles, mirrored=True).state_dict()
    assert set(plain) == set(all_looks)
    assert all(torch.equal(plain[name], all_looks[name]) for name in plain)


def test_a_network_of_one_column_joined_alone_is_itself(singles, photos):
    with torch.inference_mode():
        assert torch.equal(join(singles[:1]).photo_evidence(photos), singles[0].photo_evidence(photos))
