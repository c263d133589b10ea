from derm_xai.present.words import CONCEPT_WORDS
from derm_xai.ui.performance import explained
from derm_xai.vocabulary import VisualConcept
from tests.ui.evaluations import full


def test_the_maps_figures_stand_with_interval_and_n():
    text = explained.maps(full().explanations)
    assert all(each in text for each in ("4.23", "4.19 to 4.27", ">240<"))


def test_what_was_not_measured_has_no_line():
    told = full().explanations.model_copy(update={"permuted": None})
    assert "shuffled labels" in explained.maps(full().explanations)
    assert "shuffled labels" not in explained.maps(told)


def test_tables_have_a_line_for_each_reading_change_and_concept():
    evaluation = full()
    assert "89" in explained.readings(evaluation.explanations)
    assert "hair" in explained.flips(evaluation.explanations)
    assert "0.841" in explained.concepts(evaluation.concepts)
    assert set(CONCEPT_WORDS) == set(VisualConcept)
