from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from derm_xai.classify.columns import COLUMNS, MOBILENET_V2, Column
from derm_xai.classify.network import EvidenceNet
from derm_xai.errors import DataError
from derm_xai.notes.levels import FIELDS
from derm_xai.train.corpus import Corpus
from derm_xai.train.loop import (
    _blend,
    _concept_loss,
    _hold_back,
    _mask_loss,
    _partner_photos,
    _partners,
    _Trainer,
    fit,
)
from derm_xai.train.recipes import RECIPES, Recipe
from derm_xai.train.sense import level_counts
from derm_xai.vocabulary import ImageType
from tests.conftest import make_network

CPU = torch.device("cpu")
LN2 = float(np.log(2))


def dark_and_pale(cases: int, known: bool = False) -> Corpus:
    """Two classes that a glance tells apart; `known`: with concepts and masks that hang on the class."""
    label = torch.arange(cases) % 2
    half = np.zeros((192, 256), np.uint8)
    half[:, :128] = 255
    unknown = np.empty((0, 0), np.uint8)
    return Corpus(
        photos=tuple(np.full((192, 256, 3), 60 + 150 * int(each), np.uint8) for each in label),
        masks=tuple(half if known else unknown for _ in label),
        concepts=label[:, None].float().expand(-1, 7) if known else torch.full((cases, 7), float("nan")),
        owner=torch.arange(cases),
        image_type=torch.zeros(cases, dtype=torch.long),
        label=label,
        source=torch.zeros(cases, dtype=torch.long),
        levels=torch.arange(cases)[:, None].expand(-1, len(FIELDS)) % 3,
    )


def state(module: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in module.state_dict().items()}


def changed(module: torch.nn.Module, before: dict[str, torch.Tensor]) -> set[str]:
    return {name for name, tensor in module.state_dict().items() if not torch.equal(tensor, before[name])}


def test_what_can_be_learned_is_learned():
    torch.manual_seed(0)
    trainer = _Trainer(EvidenceNet(columns=[MOBILENET_V2]), dark_and_pale(64), Recipe(epochs=4, small_epochs=4, batch=8), CPU)
    losses = [trainer.epoch(number) for number in range(4)]
    assert losses[-1] < 0.8 * losses[0]


def test_frozen_layers_keep_their_weights_and_statistics_and_the_rest_learns():
    torch.manual_seed(1)
    network = EvidenceNet(columns=[MOBILENET_V2])
    trainer = _Trainer(network, dark_and_pale(16, known=True), Recipe(epochs=2, small_epochs=2, frozen=4, batch=8), CPU)
    first, rest = network.columns[0].features[:4], network.columns[0].features[4:]
    before, before_rest = state(first), state(rest)
    trainer.epoch(0)
    assert changed(first, before) == set()
    assert changed(trainer.averaged.columns[0].features[:4], before) == set()
    # nor do they count where gradients are clipped
    assert {parameter.grad for parameter in first.parameters()} == {None}
    moved = changed(rest, before_rest)
    assert {name.rsplit(".", 1)[1] for name in moved} >= {"weight", "bias", "running_mean", "running_var"}
    assert moved == set(before_rest)


def test_side_tasks_learn_from_what_is_known_and_not_from_blends():
    torch.manual_seed(2)
    for mixup, learns in ((0.0, True), (1.0, False)):
        network = EvidenceNet(columns=[MOBILENET_V2])
        trainer = _Trainer(network, dark_and_pale(8, known=True), Recipe(epochs=2, small_epochs=2, mixup=mixup, batch=8), CPU)
        before = {name: state(getattr(network, name)) for name in ("concepts", "decoders", "head")}
        loss = trainer.epoch(0)
        assert np.isfinite(loss)
        learned = {name for name, value in before.items() if changed(getattr(network, name), value)}
        assert learned == ({"concepts", "decoders", "head"} if learns else {"head"})


def test_where_nothing_is_known_of_the_side_tasks_the_loss_is_a_number():
    torch.manual_seed(3)
    trainer = _Trainer(EvidenceNet(columns=[MOBILENET_V2]), dark_and_pale(8), Recipe(epochs=1, small_epochs=1, batch=8), CPU)
    assert np.isfinite(trainer.epoch(0))


def test_after_an_epoch_recorded_answers_say_nothing_on_average():
    torch.manual_seed(4)
    corpus = dark_and_pale(16)
    trainer = _Trainer(make_network(columns=[MOBILENET_V2]), corpus, Recipe(epochs=1, small_epochs=1, batch=8), CPU)
    trainer.epoch(0)
    for network in (trainer.network, trainer.averaged):
        for index, count in enumerate(level_counts(corpus.levels)):
            table = network.fields[index].weight
            assert (count @ table / count.sum()).abs().max() < 1e-4
            assert table[0].abs().max() == 0
            assert table[1:3].abs().max() > 0.01


def test_what_is_kept_of_the_weights_before_is_its_share_and_the_shared_terms_wholly():
    before, after = make_network(columns=[MOBILENET_V2], seed=1), make_network(columns=[MOBILENET_V2], seed=2)
    first, last = state(before), state(after)
    held = _hold_back(after, before, 0.25).state_dict()
    assert torch.allclose(held["head.weight"], 0.25 * first["head.weight"] + 0.75 * last["head.weight"])
    statistics = "columns.0.features.0.1.running_mean"
    assert torch.allclose(held[statistics], 0.25 * first[statistics] + 0.75 * last[statistics])
    for name in ("fields.3.weight", "image_type.weight"):
        assert not torch.equal(first[name], last[name])
        assert torch.equal(held[name], first[name])


def test_a_recipe_for_close_ups_learns_from_close_ups_alone_and_is_held_back(tmp_path):
    torch.manual_seed(6)
    corpus = dark_and_pale(12)
    mixed = replace(corpus, image_type=torch.arange(12) // 8)
    network = make_network(columns=[MOBILENET_V2])
    before = state(network)
    recipe = Recipe(epochs=1, small_epochs=1, batch=4, only=ImageType.CLINICAL, kept=0.5, average=0.0)
    fitted = fit(network, mixed, mixed, recipe, tmp_path).state_dict()
    reached = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert reached["schedule"]["total_steps"] == 8 // 4  # of the twelve cases, eight have a close-up
    own = reached["network"]["head.weight"]
    assert not torch.equal(own, before["head.weight"])
    assert torch.allclose(fitted["head.weight"], (own + before["head.weight"]) / 2, atol=1e-6)
    assert torch.equal(fitted["image_type.weight"], before["image_type.weight"])


def test_a_run_keeps_its_recipe_log_and_weights_and_can_be_taken_up_again(tmp_path):
    torch.manual_seed(5)
    corpus = dark_and_pale(8, known=True)
    recipe = Recipe(epochs=1, small_epochs=1, batch=4, frozen=2, mixup=0.5)
    averaged = fit(EvidenceNet(columns=[MOBILENET_V2]), corpus, corpus, recipe, tmp_path / "run")
    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        "averaged.safetensors",
        "checkpoint.pt",
        "log.jsonl",
        "recipe.json",
    }
    # taken up again when it is done, it gives the same network
    again = fit(EvidenceNet(columns=[MOBILENET_V2]), corpus, corpus, recipe, tmp_path / "run")
    assert changed(again, state(averaged)) == set()
    assert len((tmp_path / "run" / "log.jsonl").read_text().splitlines()) == 1
    with pytest.raises(DataError, match="Another recipe"):
        fit(EvidenceNet(columns=[MOBILENET_V2]), corpus, corpus, replace(recipe, mixup=0.4), tmp_path / "run")


def test_recipes_are_sound():
    columns = {column.name: column for column in COLUMNS}
    for name, recipe in ((name, recipe) for name, each in RECIPES.items() for recipe in each.values()):
        assert 0 <= recipe.small_epochs <= recipe.epochs
        assert 0 <= recipe.mixup <= 1
        assert 0 <= recipe.frozen < len(Column(columns[name]).features)


photo_counts = st.lists(st.integers(1, 3), min_size=1, max_size=12)


def owners(counts: list[int]) -> torch.Tensor:
    return torch.arange(len(counts)).repeat_interleave(torch.tensor(counts))


@settings(deadline=None)
@given(photo_counts, st.integers(0, 100))
def test_partners_have_equally_many_photos_and_each_case_is_one_partner(counts, seed):
    torch.manual_seed(seed)
    share, partner = _partners(owners(counts))
    assert sorted(partner.tolist()) == list(range(len(counts)))
    assert [counts[index] for index in partner.tolist()] == counts
    # the label's own case weighs most
    assert share.min() >= 0.5
    assert share.max() <= 1


@settings(deadline=None)
@given(photo_counts, st.integers(0, 100))
def test_photos_are_blended_with_the_partners_photos_of_the_same_kind(counts, seed):
    torch.manual_seed(seed)
    owner = owners(counts)
    kind = torch.tensor([place for count in counts for place in range(count)])
    _, partner = _partners(owner)
    photos = _partner_photos(owner, partner)
    assert torch.equal(owner[photos], partner[owner])
    assert torch.equal(kind[photos], kind)


def test_partners_and_shares_are_drawn_at_random():
    torch.manual_seed(6)
    drawn = [_partners(owners([1] * 4)) for _ in range(200)]
    assert len(Counter(tuple(partner.tolist()) for _, partner in drawn)) == 24
    # beta(0.4, 0.4) is U-shaped: the larger share is above 0.9 more often than between 0.5 and 0.6
    shares = torch.cat([share for share, _ in drawn])
    assert (shares > 0.9).sum() > 2 * (shares < 0.6).sum() > 0


def test_a_blend_by_hand():
    table = torch.tensor([[10.0, 0.0], [20.0, 4.0], [0.0, 8.0]])
    blended = _blend(table, torch.tensor([0.75, 0.5, 1.0]), torch.tensor([1, 2, 0]))
    # three quarters of 10 and one of 20; half of 20 and half of 0; all of its own
    assert blended.tolist() == [[12.5, 1.0], [10.0, 6.0], [0.0, 8.0]]
    pictures = table.view(3, 2, 1, 1).expand(-1, -1, 2, 2)
    assert torch.equal(_blend(pictures, torch.tensor([0.75, 0.5, 1.0]), torch.tensor([1, 2, 0]))[..., 0, 1], blended)


def test_concepts_that_are_not_known_add_no_loss():
    logits = torch.tensor([[0.0] * 7, [50.0] * 7, [0.0] * 7], requires_grad=True)
    scores = torch.tensor([[0.5] * 7, [float("nan")] * 7, [1.0] * 7])
    # log-odds of 0 cost the logarithm of 2 whatever the score
    loss = _concept_loss(logits, scores)
    assert loss.item() == pytest.approx(LN2)
    loss.backward()
    assert logits.grad[1].abs().max() == 0
    assert logits.grad[2].abs().min() > 0
    assert _concept_loss(logits, torch.full((3, 7), float("nan"))).item() == 0


def test_the_concept_loss_is_least_at_the_score_itself():
    scores = torch.tensor([[0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9]])
    best = _concept_loss(scores.logit(), scores)
    assert all(_concept_loss(scores.logit() + step, scores) > best for step in (-0.1, 0.1))


def test_mask_loss_by_hand():
    # undecided everywhere about a mask that is lesion in its left half: 2 by 2 cells after pooling by 4
    mask = torch.zeros(1, 8, 8)
    mask[:, :, :4] = 1
    # inside: half of two cells; soft Dice is (2 * 1 + 1) / (2 + 2 + 1)
    assert _mask_loss(torch.zeros(1, 2, 2), mask).item() == pytest.approx(LN2 + 1 - 3 / 5)


def test_a_right_outline_costs_next_to_nothing_and_a_wrong_one_much():
    mask = torch.zeros(1, 8, 8)
    mask[:, :, :4] = 1
    right = torch.tensor([[[20.0, -20.0], [20.0, -20.0]]])
    assert _mask_loss(right, mask).item() == pytest.approx(0, abs=1e-6)
    # wrong by 20 in log-odds in every cell; Dice has only its 1 left over 5
    assert _mask_loss(-right, mask).item() == pytest.approx(20 + 1 - 1 / 5, abs=1e-4)


def test_masks_that_are_not_known_add_no_loss():
    mask = torch.zeros(2, 8, 8)
    mask[0, :, :4] = 1
    alone = _mask_loss(torch.zeros(1, 2, 2), mask[:1])
    mask[1] = float("nan")
    outlines = torch.tensor([[[0.0, 0.0], [0.0, 0.0]], [[9.0, 9.0], [9.0, 9.0]]], requires_grad=True)
    loss = _mask_loss(outlines, mask)
    assert loss.item() == pytest.approx(alone.item())
    loss.backward()
    assert outlines.grad[1].abs().max() == 0
    assert outlines.grad[0].abs().min() > 0
    assert _mask_loss(outlines, torch.full((2, 8, 8), float("nan"))).item() == 0
