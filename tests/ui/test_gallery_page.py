"""Practise by AppTest, with the committed model: five cases, one of them wrong, marked only after the final answer."""

import pytest
from streamlit.testing.v1 import AppTest

from derm_xai.examples.practice import EXERCISES
from derm_xai.vocabulary import Diagnosis, Urgency
from tests.ui.test_assess_page import APP, PATIENCE, press, shown

GALLERY = "derm_xai/ui/pages/gallery.py"
MARK = "deliberately wrong: it is that of another case"


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("DERM_XAI_SAMPLES", "3")
    return AppTest.from_file(str(APP), default_timeout=PATIENCE).run().switch_page(GALLERY).run()


def answer(page: AppTest, at: int, diagnosis: Diagnosis) -> AppTest:
    page.selectbox(key=f"practice-{at}-diagnosis").set_value(diagnosis)
    page.selectbox(key=f"practice-{at}-urgency").set_value(Urgency.SUSPECTED_CANCER).run()
    return page.button(key=f"practice-{at}-commit").click().run()


def test_the_gallery_from_the_first_case_to_the_count(page):
    assert "SYNTHETIC" in shown(page)
    for at, exercise in enumerate(EXERCISES):
        assert 'class="rows differential"' not in shown(page)
        # the reader names what was drawn, and goes over to whatever the wrong assessment says
        text = shown(answer(page, at, exercise.example.kind))
        assert not page.exception
        assert 'class="rows differential"' in text
        assert MARK not in text
        if exercise.wrong:
            assert "Differ. The system gives yours" in text
            page.selectbox(key=f"practice-final-{at}-diagnosis").set_value(exercise.assessed.kind)
        text = shown(press(page, "Give the final answer"))
        assert (MARK in text) == exercise.wrong
        assert ("It takes answers for not recorded that these notes hold" in text) == exercise.wrong
        assert ("The outline on the close-up is off" in text) == exercise.wrong
        press(page, "See how it went" if exercise is EXERCISES[-1] else "Next case")
        assert not page.exception
    text = shown(page)
    assert "Of 5 cases, your first answer named what was drawn in 5." in text
    assert "Your final answer, after the assessment, did in 4 of 5." in text
    assert "You went over to the deliberately wrong assessment in 1 of 1." in text
    assert "Case 1 of 5" in shown(press(page, "Begin again"))
