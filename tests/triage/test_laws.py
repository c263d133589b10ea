"""The laws of the rule engine, on three hundred patients each."""

from hypothesis import given, settings
from hypothesis import strategies as st

from derm_xai.notes.prefill import Told
from derm_xai.records import ClinicalContext
from derm_xai.triage.engine import fire, rule_book
from derm_xai.triage.facts import context_facts
from derm_xai.vocabulary import DIAGNOSES, AnatomSite, ImageType, Urgency
from tests.triage.toy import BLURRED, FLAGS, SHARP, advice, facts

EMERGENCIES = (
    {"new_drug": True, "hurt": True, "fever": True},
    {"mucosal_lesions": True, "blisters": True},
    {"mucosal_lesions": True, "fever": True},
    {"pain_out_of_proportion": True, "unwell": True},
    {"pain_out_of_proportion": True, "swelling_beyond_redness": True},
    {"non_blanching": True, "fever": True},
    {"non_blanching": True, "unwell": True},
    {"facial_swelling_or_breathing": True},
)
contexts = st.fixed_dictionaries(
    {name: st.sampled_from([None, False, True]) for name in FLAGS}
    | {
        "diameter_mm": st.none() | st.floats(0.5, 40),
        "duration_days": st.none() | st.integers(0, 400),
        "age": st.none() | st.integers(0, 100),
        "anatom_site": st.none() | st.sampled_from(AnatomSite),
        "skin_tone": st.none() | st.integers(0, 5),
    }
)
# most patients have few signs; without this the emergency rules would drown all others
quiet = st.builds(
    lambda answers, kept: {name: value if name in kept or value is not True else False for name, value in answers.items()},
    contexts,
    st.sets(st.sampled_from(FLAGS), max_size=3),
)
predictions = st.fixed_dictionaries(
    {
        "leading": st.sampled_from(DIAGNOSES),
        "probability": st.sampled_from([0.6, 0.9]),
        "held": st.lists(st.sampled_from(DIAGNOSES), max_size=3).map(tuple),
        "novel": st.booleans(),
        "entropy": st.sampled_from([0.5, 2.5]),
        "quality": st.sampled_from([SHARP, BLURRED]),
        "image_type": st.sampled_from(ImageType),
    }
)
many = settings(max_examples=300, deadline=None)


@many
@given(contexts | quiet, st.sampled_from(FLAGS), predictions)
def test_adding_a_red_flag_never_lowers_urgency(answers, flag, prediction):
    before = advice(context=ClinicalContext(**answers), **prediction).urgency
    after = advice(context=ClinicalContext(**answers | {flag: True}), **prediction).urgency
    assert after.rank >= before.rank


@many
@given(quiet, st.sampled_from(FLAGS), predictions)
def test_a_red_flag_from_the_note_never_lowers_urgency(answers, flag, prediction):
    before = advice(context=ClinicalContext(**answers), **prediction).urgency
    after = advice(context=ClinicalContext(**answers), **prediction, from_note={flag: Told(True, "words")}).urgency
    assert after.rank >= before.rank


@many
@given(contexts | quiet)
def test_no_and_not_recorded_never_score(answers):
    silent = {name: None if value is False else value for name, value in answers.items()}
    assert facts(**answers) == facts(**silent)
    assert fire(facts(**answers)) == fire(facts(**silent))


@many
@given(contexts)
def test_a_sign_in_the_note_counts_whatever_the_form_says(answers):
    read = {name: Told(True, "words") for name, value in answers.items() if value is False}
    found = context_facts(ClinicalContext(**answers), rule_book().measures, read)
    assert found.keys() == facts(**answers | dict.fromkeys(read, True)).keys()


@many
@given(contexts, st.randoms(use_true_random=False))
def test_order_does_not_matter(answers, random):
    known = list(facts(**answers).items())
    shuffled = random.sample(known, len(known))
    assert fire(dict(known)) == fire(dict(shuffled))


@many
@given(quiet, st.sampled_from(EMERGENCIES), predictions)
def test_an_emergency_stands_whatever_the_prediction(answers, emergency, prediction):
    advised = advice(context=ClinicalContext(**answers | emergency), **prediction)
    assert advised.urgency is Urgency.EMERGENCY
    assert advised.reasons[0].urgency is Urgency.EMERGENCY


@many
@given(contexts | quiet, predictions)
def test_nothing_the_model_says_lowers_what_the_rules_ask_for(answers, prediction):
    # the rule of last resort without a fact raises nothing
    asked = [reason.urgency.rank for reason in fire(facts(**answers)) if reason.facts]
    advised = advice(context=ClinicalContext(**answers), **prediction)
    assert advised.urgency.rank >= max(asked, default=0)


@many
@given(quiet, predictions)
def test_nobody_is_reassured_with_a_sign_recorded(answers, prediction):
    advised = advice(context=ClinicalContext(**answers), **prediction)
    if advised.urgency is Urgency.REASSURE:
        assert True not in [answers[name] for name in FLAGS]
        assert not advised.abstained
        assert answers["skin_tone"] in (2, 3, 4, 5)
    elif advised.urgency is Urgency.REVIEW_8_WEEKS:
        assert advised.not_reassured_because
