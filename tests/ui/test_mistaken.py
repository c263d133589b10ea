from derm_xai.evaluate.records import Confusion
from derm_xai.ui.mistaken import mistaken
from derm_xai.vocabulary import Diagnosis
from tests.ui.evaluations import figure, full

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
    assert mistaken(None, Diagnosis.MEL) == ()
