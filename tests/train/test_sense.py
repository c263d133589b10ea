import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from derm_xai.notes.levels import FIELDS
from derm_xai.train.sense import RED_FLAGS, centre, level_counts, restrain
from derm_xai.vocabulary import DIAGNOSES, MALIGNANT
from tests.conftest import make_network

NAMES = [field.name for field in FIELDS]
SEX, BLEED, ELEVATION = (NAMES.index(name) for name in ("sex", "bleed", "elevation"))


@pytest.fixture(scope="module")
def network():
    return make_network()


def tables(network) -> list[torch.Tensor]:
    return [table.weight.detach().clone() for table in network.fields]


def refill(network, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for table in network.fields:
            table.weight[1:].normal_(generator=generator)


def answers(cases: int, seed: int, silent: float = 0.3) -> torch.Tensor:
    """Levels at random; in a field that nobody answered, all "not recorded"."""
    generator = torch.Generator().manual_seed(seed)
    levels = torch.stack([torch.randint(len(field.levels), (cases,), generator=generator) for field in FIELDS], 1)
    return levels * (torch.rand(len(FIELDS), generator=generator) > silent)


def test_recorded_levels_are_counted_and_not_recorded_is_not():
    levels = torch.zeros(6, len(FIELDS), dtype=torch.long)
    levels[:, SEX] = torch.tensor([0, 1, 1, 2, 0, 1])
    counts = level_counts(levels)
    assert counts[SEX].tolist() == [0, 3, 1]
    assert counts[BLEED].tolist() == [0, 0, 0]
    assert [len(count) for count in counts] == [len(field.levels) for field in FIELDS]


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 60), st.integers(0, 1000))
def test_after_centring_recorded_answers_say_nothing_on_average(network, cases, seed):
    refill(network, seed)
    before = tables(network)
    levels = answers(cases, seed)
    centre(network, level_counts(levels))
    for index, table in enumerate(network.fields):
        recorded = levels[:, index][levels[:, index] > 0]
        # the mean over the cases themselves, whatever was counted
        if len(recorded):
            assert table.weight[recorded].mean(0).tolist() == pytest.approx([0] * 11, abs=1e-5)
        else:
            assert torch.equal(table.weight, before[index])
        assert table.weight[0].abs().max() == 0
        # what one answer says beside another is as it was
        assert torch.allclose(table.weight[1] - table.weight[2], before[index][1] - before[index][2], atol=1e-5)


def test_centring_by_hand():
    network = make_network()
    with torch.no_grad():
        network.fields[BLEED].weight[:, 0] = torch.tensor([0.0, 1.0, 5.0])
    counts = level_counts(torch.zeros(1, len(FIELDS), dtype=torch.long))
    counts[BLEED] = torch.tensor([0.0, 30.0, 10.0])
    centre(network, counts)
    # the mean is (30 * 1 + 10 * 5) / 40 = 2
    assert network.fields[BLEED].weight[:, 0].tolist() == pytest.approx([0, -1, 3])


def test_rare_levels_shrink_by_hand():
    before, network = tables(make_network()), make_network()
    counts = level_counts(torch.zeros(1, len(FIELDS), dtype=torch.long))
    counts[SEX] = torch.tensor([0.0, 50.0, 450.0])
    assert restrain(network, counts) is network
    assert torch.allclose(network.fields[SEX].weight[1], before[SEX][1] / 2)
    assert torch.allclose(network.fields[SEX].weight[2], before[SEX][2] * 0.9)
    # a field that was never recorded says nothing
    assert network.fields[ELEVATION].weight.abs().max() == 0


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 200), st.integers(0, 1000))
def test_no_red_flag_speaks_against_a_malignancy(network, cases, seed):
    refill(network, seed)
    before = tables(network)
    counts = level_counts(answers(cases, seed))
    restrain(network, counts)
    for index, name in enumerate(NAMES):
        table = network.fields[index].weight
        assert table[0].abs().max() == 0
        shrunk = before[index] * (counts[index] / (counts[index] + 50))[:, None]
        for place, diagnosis in enumerate(DIAGNOSES):
            no, yes = table[1:3, place].tolist()
            if name in RED_FLAGS and diagnosis in MALIGNANT:
                assert yes >= no - 1e-6
                if shrunk[2, place] >= shrunk[1, place]:
                    assert torch.allclose(table[:, place], shrunk[:, place])
                else:
                    assert yes == no
            else:
                assert torch.allclose(table[:, place], shrunk[:, place])


def test_where_the_data_speak_against_a_red_flag_yes_and_no_share_their_mean_by_hand():
    network = make_network()
    melanoma = DIAGNOSES.index("MEL")
    with torch.no_grad():
        network.fields[BLEED].weight[:, melanoma] = torch.tensor([0.0, 1.0, -2.0])
    counts = level_counts(torch.zeros(1, len(FIELDS), dtype=torch.long))
    counts[BLEED] = torch.tensor([0.0, 150.0, 50.0])
    restrain(network, counts)
    # shrunk to 0.75 and -1, which 150 and 50 cases weigh to (112.5 - 50) / 200
    assert network.fields[BLEED].weight[:, melanoma].tolist() == pytest.approx([0, 0.3125, 0.3125])


def test_red_flags_are_fields_that_are_asked_with_yes_or_no():
    assert {NAMES.index(name) for name in RED_FLAGS}
    assert all(FIELDS[NAMES.index(name)].levels == ("not recorded", "no", "yes") for name in RED_FLAGS)
