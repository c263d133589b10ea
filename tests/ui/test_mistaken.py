import pytest

from derm_xai.evaluate.records import Confusion
from derm_xai.ui.mistaken import mistaken
from derm_xai.vocabulary import Diagnosis
from tests.present.conftest import assessment  # noqa: F401
from tests.ui.evaluations import figure, full
from tests.ui.test_assess_page import shown
from tests.ui.test_language import made, opened
from tests.ui.test_performance_page import folder, write  # noqa: F401

LED = Confusion(
    data="MILK10k",
    leading=Diagnosis.MEL,
    right=figure(0.5, 40),
    truth={Diagnosis.MEL: 20, Diagnosis.NV: 15, Diagnosis.BKL: 5},
)


def test_a_sentence_says_how_often_it_was_right_and_what_the_others_were():
    (sentence,) = mistaken(full(confusions=(LED,)), Diagnosis.MEL)
    assert sentence.startswith("MILK10k, validation: melanoma led in 40 cases and was right in 50\N{NO-BREAK SPACE}%")
    assert sentence.endswith("The others were: 15 melanocytic naevus and 5 benign keratosis.")


def test_nothing_is_said_of_what_was_not_measured():
    assert mistaken(full(confusions=(LED,)), Diagnosis.NV) == ()


@pytest.mark.parametrize(("changes", "shown_at_all"), [({}, True), ({"weights_sha256": "0" * 64}, False)])
def test_a_result_tells_it_of_its_own_model_alone(folder, assessment, changes, shown_at_all):  # noqa: F811
    write(folder, confusions=(LED,), **changes)
    page = opened("en", made(assessment))
    assert not page.exception
    assert ("melanoma led in 40 cases" in shown(page)) == shown_at_all
