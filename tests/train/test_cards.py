from derm_xai.datasets.sources import load_all
from derm_xai.datasets.splits import Part, split
from derm_xai.explain.cardlimits import CARE
from derm_xai.train.cards import card_limits
from tests.datasets import published


def test_limits_rest_on_cards_of_right_and_wrong_answers(model, tmp_path):
    cases = split(load_all(published.all_sets(tmp_path)))[Part.TRAIN][:12]
    limits = card_limits(cases, model, samples=3, seed=0)
    assert limits is not None
    assert limits.source == "fitted on 12 calibration cases with toy"
    assert limits.care <= limits.read
    assert (
        sum(check.weight for check in limits.checks.values()) in (0, 1)
        or abs(sum(check.weight for check in limits.checks.values()) - 1) < 1e-9
    )
    assert 0 < CARE < 1


def test_answers_of_one_kind_alone_give_no_limits(model, tmp_path):
    case = split(load_all(published.all_sets(tmp_path)))[Part.TRAIN][0]
    assert card_limits([case], model, samples=3, seed=0) is None
