"""Blind first by AppTest: the result waits for the reader, what is urgent does not."""

import pytest
from streamlit.testing.v1 import AppTest

from derm_xai.examples import CATALOGUE
from derm_xai.vocabulary import Diagnosis, Urgency
from tests.ui.test_assess_page import APP, PATIENCE, load, press, shown

RESULT = '<table class="rows differential">'


@pytest.fixture(autouse=True)
def few_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DERM_XAI_SAMPLES", "3")


def opened() -> AppTest:
    return AppTest.from_file(str(APP), default_timeout=PATIENCE).run()


@pytest.fixture
def page() -> AppTest:
    return opened().toggle(key="blind-first").set_value(True).run()


def commit(page: AppTest, diagnosis: Diagnosis = Diagnosis.MEL, urgency: Urgency = Urgency.SAME_DAY) -> AppTest:
    page.selectbox(key="blind-diagnosis").set_value(diagnosis)
    page.selectbox(key="blind-urgency").set_value(urgency).run()
    return page.button(key="blind-commit").click().run()


def test_it_is_off_unless_the_setting_asks_for_it(monkeypatch):
    assert opened().toggle(key="blind-first").value is False
    monkeypatch.setenv("DERM_XAI_BLIND_FIRST", "true")
    assert opened().toggle(key="blind-first").value is True


def test_the_result_waits_and_both_answers_are_then_side_by_side(page):
    text = shown(press(load(page, CATALOGUE[2].title)))
    assert not page.exception
    assert "Your answer first" in text
    assert RESULT not in text
    assert '<section class="urgency"' not in text
    assert page.button(key="blind-commit").disabled

    text = shown(commit(page))
    assert not page.exception
    assert RESULT in text
    assert "Your judgement stands" in text
    answer = page.session_state["case"].answer
    assert (answer.diagnosis, answer.urgency) == (Diagnosis.MEL, Urgency.SAME_DAY)
    assert "committed at" in text
    assert "blind-commit" not in [button.key for button in page.button]

    # new notes, the same photos: the answer stays as it was committed, and nothing asks again
    page.segmented_control(key="note-bleed").set_value("yes").run()
    text = shown(press(page))
    assert RESULT in text
    assert page.session_state["case"].answer == answer

    # other photos: it goes with them
    press(page, "Remove")
    assert "case" not in page.session_state
    text = shown(press(load(page, CATALOGUE[3].title)))
    assert RESULT not in text
    assert page.session_state["case"].answer is None


def test_a_result_that_was_seen_is_not_hidden_again(page):
    page.toggle(key="blind-first").set_value(False).run()
    assert RESULT in shown(press(load(page, CATALOGUE[2].title)))
    assert RESULT in shown(page.toggle(key="blind-first").set_value(True).run())
    assert RESULT in shown(press(page))
    assert page.session_state["case"].answer is None


def test_an_emergency_waits_for_nobody(page):
    load(page, CATALOGUE[3].title)
    page.segmented_control(key="note-facial_swelling_or_breathing").set_value("yes").run()
    text = shown(press(page))
    assert "Emergency: send to hospital now" in text
    assert "Your answer first" in text
    assert RESULT not in text
