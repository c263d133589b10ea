import pytest
import torch
from captum.attr import LayerGradCam
from torch import nn

from derm_xai.classify.columns import COLUMNS, SameConv2d
from derm_xai.classify.network import HEAD_DRAWS, EvidenceNet
from derm_xai.notes.levels import FIELDS
from derm_xai.vocabulary import DIAGNOSES, VisualConcept
from tests.conftest import make_network


@pytest.fixture(scope="module")
def network() -> EvidenceNet:
    return make_network()


@pytest.fixture(scope="module")
def trunk(network) -> torch.Tensor:
    with torch.inference_mode():
        return network.trunk(torch.rand(1, 3, 128, 160, generator=torch.Generator().manual_seed(7)) * 2 - 1)


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_same_padding_is_tensorflows():
    # a 4x4 input, all-ones 3x3 kernel, stride 2: TensorFlow pads one row below and one column right, none above or left
    layer = SameConv2d(1, 1, 3, 2, bias=False)
    nn.init.ones_(layer.weight)
    picture = torch.arange(16.0).view(1, 1, 4, 4)
    assert layer(picture)[0, 0].tolist() == [[45.0, 39.0], [66.0, 50.0]]


def test_shapes_follow_the_photo(network):
    with torch.inference_mode():
        steps = network.steps(torch.zeros(2, 3, 192, 256))
        trunk = network.deepen(steps[-1])
        assert [tuple(step.shape) for step in steps] == [(2, 48, 48, 64), (2, 80, 24, 32), (2, 216, 12, 16), (2, 1, 368, 6, 8)]
        assert trunk.shape == (2, 1, 672, 6, 8)
        assert network.class_maps(trunk).shape == (2, len(DIAGNOSES), 6, 8)
        assert network.concepts(network.activations(trunk)).shape == (2, len(VisualConcept), 6, 8)
        assert network.mask(steps).shape == (2, 48, 64)


@pytest.mark.parametrize(("height", "width"), [(224, 224), (64, 352)])
def test_the_outline_has_a_quarter_of_the_sides(network, height, width):
    with torch.inference_mode():
        assert network.mask(network.steps(torch.zeros(1, 3, height, width))).shape == (1, height // 4, width // 4)


@pytest.mark.parametrize(("index", "layers"), [(0, (17, 18)), (1, (21, 22))])
def test_each_column_has_its_layers_in_their_order(network, index, layers):
    photos = torch.rand(2, 3, 96, 128) * 2 - 1
    features, widths, deep = network.columns[index].features, [c.widths[-1] for c in COLUMNS], [c.deep for c in COLUMNS]
    with torch.inference_mode():
        steps, trunk = network.steps(photos), network.trunk(photos)
        assert torch.equal(network.deepen(steps[-1]), trunk)
        assert torch.equal(steps[-1][:, 0].split(widths, 1)[index], features[: layers[0]](photos))
        assert torch.equal(trunk[:, 0].split(deep, 1)[index], features[: layers[1]](photos))
        assert torch.allclose(network.activations(trunk).chunk(2, 1)[index], features(photos), atol=1e-5)


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


def test_concepts_and_outline_add_nothing_to_the_score(network):
    aside = [*network.concepts.parameters(), *network.decoders.parameters()]
    evidence = network.photo_evidence(torch.rand(1, 3, 64, 64)).sum()
    assert set(torch.autograd.grad(evidence, aside, allow_unused=True)) == {None}


def test_the_outline_looks_in_at_every_resolution(network):
    with torch.no_grad():
        steps = network.steps(torch.rand(1, 3, 128, 128, generator=generator(0)) * 2 - 1)
    for step in steps:
        step.requires_grad_()
    outline = network.mask(steps)
    assert all(gradient.abs().max() > 0 for gradient in torch.autograd.grad(outline.square().sum(), steps))


def test_not_recorded_is_zero_evidence_even_after_a_training_step():
    network = make_network()
    levels = torch.zeros(1, len(FIELDS), dtype=torch.long)
    levels[0, 0] = 3
    network.notes_terms(levels).sum().backward()
    torch.optim.SGD(network.parameters(), 1.0).step()
    terms = network.notes_terms(torch.zeros(1, len(FIELDS), dtype=torch.long))
    assert terms.abs().max() == 0
    assert network.notes_terms(levels)[0, 0].abs().max() > 0


@pytest.mark.parametrize("samples", [2, 3, 7])
def test_samples_differ_and_repeat_with_their_seed(network, trunk, samples):
    before = {name: value.clone() for name, value in network.state_dict().items()}
    with torch.inference_mode():
        first, again, other = (network.sampled_maps(trunk, samples, generator(seed)) for seed in (1, 1, 2))
    assert first.shape == (samples, len(DIAGNOSES), 4, 5)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert len({tuple(sample.flatten().tolist()) for sample in first}) == samples
    # batch norm is never in training mode: sampling leaves its statistics alone
    assert all(torch.equal(value, network.state_dict()[name]) for name, value in before.items())


def test_samples_do_not_touch_the_random_state_of_the_process(network, trunk):
    before = torch.random.get_rng_state()
    with torch.inference_mode():
        network.sampled_maps(trunk, 4, generator(1))
    assert torch.equal(torch.random.get_rng_state(), before)


def test_several_draws_of_the_head_share_one_draw_of_the_last_layers(trunk):
    network = make_network()
    with torch.inference_mode():
        # a head that shows the first eleven channels as they are
        network.head.weight.zero_()[:, : len(DIAGNOSES), 0, 0] = torch.eye(len(DIAGNOSES))
        maps = network.sampled_maps(trunk, 2 * HEAD_DRAWS + 1, generator(3))
    shown = maps.flatten(2).any(2)
    assert 0 < shown.sum() < shown.numel()

    def alike(first: int, second: int) -> list[bool]:
        both = (shown[first] & shown[second]).nonzero()[:, 0].tolist()
        return [torch.equal(maps[first, channel], maps[second, channel]) for channel in both]

    for start in (0, HEAD_DRAWS):
        assert all(all(alike(start, start + more)) for more in range(1, HEAD_DRAWS))
    assert not any(alike(HEAD_DRAWS - 1, HEAD_DRAWS))
    assert not any(alike(2 * HEAD_DRAWS - 1, 2 * HEAD_DRAWS))


def test_a_dropped_channel_is_dropped_whole_and_the_rest_make_up_for_it(network):
    channels = torch.ones(200, 30, 2, 3)
    dropped = network.drop(channels, 0.2, generator(0))
    assert set(dropped.unique().tolist()) == {0.0, 1.25}
    assert (dropped.flatten(2).amin(2) == dropped.flatten(2).amax(2)).all()
    assert float(dropped.mean()) == pytest.approx(1, abs=0.03)


def test_all_looks_of_a_photo_lose_the_same_channels(network):
    dropped = network.drop(torch.ones(5, 4, 30, 2, 3), 0.2, generator(0))
    assert torch.equal(dropped, dropped[:, :1].expand_as(dropped))
    assert not torch.equal(dropped[0], dropped[1])


def test_nothing_is_dropped_without_a_sampler_outside_training(network, trunk):
    assert network.drop(trunk, 0.5) is trunk
    with torch.inference_mode():
        assert torch.equal(network.class_maps(trunk), network.class_maps(trunk))


def test_5x5_same_padding_is_tensorflows():
    # stride 2 on even sizes: one row above, two below (TensorFlow pads 3 in all, the odd one after); stride 1: two on each side
    strided, plain = SameConv2d(1, 1, 5, 2, bias=False), SameConv2d(1, 1, 5, bias=False)
    nn.init.ones_(strided.weight)
    nn.init.ones_(plain.weight)
    picture = torch.ones(1, 1, 4, 4)
    assert strided(picture)[0, 0].tolist() == [[16.0, 12.0], [12.0, 9.0]]
    assert plain(picture)[0, 0, 0].tolist() == [9.0, 12.0, 12.0, 9.0]


def test_a_fifth_is_dropped_before_the_head_and_half_as_much_before_the_last_layers_and_the_layer_before(monkeypatch):
    network, rates, drop = make_network(), [], EvidenceNet.drop

    def noted(self, channels, rate, sampler=None):
        rates.append(rate)
        return drop(self, channels, rate, sampler)

    monkeypatch.setattr(EvidenceNet, "drop", noted)
    with torch.inference_mode():
        network.sampled_maps(network.trunk(torch.zeros(1, 3, 64, 64)), 2, generator(0))
    assert rates == [0.1, 0.1, 0.2]
