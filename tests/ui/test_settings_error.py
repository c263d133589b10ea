"""A setting that cannot be is one sentence on the page, whichever page it is."""

from streamlit.testing.v1 import AppTest

from tests.ui.test_assess_page import APP


def test_a_wrong_setting_is_one_sentence_in_the_readers_language(monkeypatch):
    monkeypatch.setenv("DERM_XAI_SAMPLES", "a dozen")
    page = AppTest.from_file(str(APP), default_timeout=300).run()
    assert not page.exception
    (said,) = (error.value for error in page.error)
    assert "DERM_XAI_SAMPLES" in said
    assert "dozen" not in said
    page.session_state["language"] = "fr"
    assert page.run().error[0].value.startswith("La variable DERM_XAI_SAMPLES")
