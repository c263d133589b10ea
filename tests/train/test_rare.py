import torch

from derm_xai.train.rare import borrow
from derm_xai.vocabulary import DIAGNOSES
from tests.conftest import make_network

RARE, BCC, MEL, SCCKA = (DIAGNOSES.index(each) for each in ("MAL_OTH", "BCC", "MEL", "SCCKA"))


def test_a_rare_malignancy_goes_towards_the_known_ones_by_hand():
    label = torch.cat([torch.arange(11).repeat(20)[torch.arange(11).repeat(20) != RARE], torch.full((5,), RARE)])
    before, after = make_network(), borrow(make_network(), label)
    # five cases: a fifth its own, four fifths the mean of the three malignancies with twenty
    for table, changed in ((before.head.weight, after.head.weight), (before.fields[1].weight.T, after.fields[1].weight.T)):
        expected = 0.2 * table[RARE] + 0.8 * (table[BCC] + table[MEL] + table[SCCKA]) / 3
        assert torch.allclose(changed[RARE], expected)
        others = [index for index in range(11) if index != RARE]
        assert torch.equal(changed[others], table[others])
    assert after.fields[1].weight[0].abs().max() == 0


def test_classes_with_enough_cases_are_left_alone():
    assert torch.equal(borrow(make_network(), torch.arange(11).repeat(20)).head.weight, make_network().head.weight)
