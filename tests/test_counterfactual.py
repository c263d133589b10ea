from copy import deepcopy
from dataclasses import replace

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derm_xai.assess import judge
from derm_xai.counterfactual import EACH_WAY, SHOWN, notes_changes, with_answers
from derm_xai.notes.prefill import Told
from derm_xai.records import Answer, ClinicalContext
from derm_xai.settings import Settings
from derm_xai.triage.advise import advise, alarms
from derm_xai.triage.answers import answers_apart
from derm_xai.vocabulary import DIAGNOSES, Diagnosis, Urgency

FEW = Settings(samples=3, seed=3)
CALM = {"skin_tone": 3, "grew": False, "changed": False, "bleed": False}
"""With a model that is sure of a naevus, nothing speaks against reassuring."""


def changes(model, photo, from_note=None, **answers):
    """What would change, and the urgency now."""
    context, read = ClinicalContext(**answers), from_note or {}
    judged = judge([photo], context, model, FEW, from_note=read)
    found = notes_changes(judged.evidence, context, judged.prediction, judged.photos, model, from_note=read)
    return judged.triage.urgency, found


def plain(found):
    return {(*((each.field, each.value) for each in change.answers), change.urgency) for change in found}


@pytest.fixture
def rules_only(model):
    """A model that is sure of a naevus whatever it sees or reads, so that the rules decide."""
    network = deepcopy(model.network)
    with torch.no_grad():
        for weight in (network.head.weight, network.image_type.weight, *(table.weight for table in network.fields)):
            weight.zero_()
        network.prior.zero_()[DIAGNOSES.index(Diagnosis.NV)] = 6.0
    return replace(model, network=network)


def test_one_answer_by_hand(rules_only, clinical):
    """Growth is 2 points and a feature of ABCDE: a routine referral. A third point makes it 3; without growth all is calm."""
    now, found = changes(rules_only, clinical, **CALM | {"grew": True})
    assert now is Urgency.ROUTINE_REFERRAL
    up, down = [each for each in found if each.raises], [each for each in found if not each.raises]
    assert plain(down) == {(("grew", False), Urgency.REASSURE)}
    assert len(up) == SHOWN - 1
    # recorded answers first: 2 points for change, 1 for bleeding
    assert plain(up[:2]) == {(("changed", True), Urgency.SUSPECTED_CANCER), (("bleed", True), Urgency.SUSPECTED_CANCER)}
    assert not any(each.always for each in up[:2])


def test_two_answers_by_hand(rules_only, clinical):
    """Each of the two asks for a suspected-cancer referral by itself, so only both together lower it."""
    now, found = changes(rules_only, clinical, **CALM, nail_band=True, ugly_duckling=True)
    assert now is Urgency.SUSPECTED_CANCER
    down = [each for each in found if not each.raises]
    assert plain(down) == {(("nail_band", False), ("ugly_duckling", False), Urgency.REASSURE)}


def test_two_answers_are_named_only_where_no_single_one_lowers_the_urgency(rules_only, clinical):
    """The model says the same whatever the answers, so one prediction serves for them all."""
    context = ClinicalContext(**CALM, nail_band=True, ugly_duckling=True)
    judged = judge([clinical], context, rules_only, FEW)

    def urgency(*answers):
        after = with_answers(context, answers)
        return advise(judged.prediction, after, judged.photos, rules_only.manifest.thresholds).urgency

    singles = [Answer(field=field, value=value) for field, values in answers_apart().items() for value in values]
    assert min(urgency(answer).rank for answer in singles) == judged.triage.urgency.rank
    pairs = [each for each in changes(rules_only, clinical, **context.model_dump())[1] if len(each.answers) == 2]
    assert [urgency(*each.answers) for each in pairs] == [Urgency.REASSURE]


def test_the_furthest_move_comes_first(rules_only, clinical):
    """An itch is 1 point. With a change, of 2, it is a suspected cancer; a diameter of 6.5 mm makes it a routine referral."""
    now, found = changes(rules_only, clinical, **CALM | {"itch": True})
    assert now is Urgency.REVIEW_8_WEEKS
    up = [each for each in found if each.raises]
    assert up[0].urgency is Urgency.SUSPECTED_CANCER
    order = [(each.always, -each.urgency.rank) for each in up]
    assert order == sorted(order)


def test_where_reassuring_hangs_on_what_was_asked(rules_only, clinical):
    """All calm, but growth was not asked for: "no" would reassure, as nothing else speaks against it."""
    now, found = changes(rules_only, clinical, **CALM | {"grew": None})
    assert now is Urgency.REVIEW_8_WEEKS
    assert plain(each for each in found if not each.raises) == {(("grew", False), Urgency.REASSURE)}


def test_what_was_read_in_a_note_can_be_answered_no(rules_only, clinical):
    now, found = changes(rules_only, clinical, {"ugly_duckling": Told(True, "odd one out")}, **CALM)
    assert now is Urgency.SUSPECTED_CANCER
    assert (("ugly_duckling", False), Urgency.REASSURE) in plain(found)


def test_nothing_is_more_urgent_than_an_emergency(rules_only, clinical):
    now, found = changes(rules_only, clinical, **CALM, facial_swelling_or_breathing=True)
    assert now is Urgency.EMERGENCY
    assert plain(found) == {(("facial_swelling_or_breathing", False), Urgency.REASSURE)}


def test_what_asks_for_as_much_in_any_case_comes_last_and_red_flags_not_at_all(rules_only, clinical):
    _, found = changes(rules_only, clinical, **CALM)
    up = [each for each in found if each.raises]
    assert up
    assert [each.always for each in up] == sorted(each.always for each in up)
    assert not any(alarms(with_answers(ClinicalContext(), each.answers)) for each in up)


def test_one_value_stands_for_each_that_the_rules_tell_apart():
    apart = answers_apart()
    assert apart["diameter_mm"] == (3, 6.5, 7, 10, 10.5, 20)
    assert apart["duration_days"] == (15, 31)
    assert apart["age"] == tuple(range(15, 86, 10))
    assert apart["bleed"] == (True, False)
    assert set(ClinicalContext.model_fields) - set(apart) == {"side", "notes"}


CONTEXTS = st.fixed_dictionaries(
    {},
    optional={
        name: st.sampled_from(values)
        for name, values in answers_apart().items()
        if name in ("age", "sex", "anatom_site", "skin_tone", "diameter_mm", "grew", "changed", "bleed", "itch", "new_lesion")
        or name in ("elevation", "firm", "irregular_colour", "ugly_duckling", "crust", "fever", "blisters")
    },
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CONTEXTS)
def test_assessed_anew_the_urgency_is_the_one_that_was_promised(model, clinical, answers):
    now, found = changes(model, clinical, **answers)
    assert len(found) <= SHOWN
    for each in found:
        again = judge([clinical], with_answers(ClinicalContext(**answers), each.answers), model, FEW)
        assert again.triage.urgency is each.urgency
        assert (each.urgency.rank > now.rank) is each.raises
        assert each.urgency is not now
    ways = [sum(each.raises is way for each in found) for way in (True, False)]
    assert sum(ways) == SHOWN or ways[0] <= EACH_WAY or not ways[1]
