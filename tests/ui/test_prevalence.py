"""The dial "What if these were your patients?" on the Assess page, over a result made by hand."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from derm_xai.examples import CATALOGUE
from derm_xai.explain.prevalence import MIXES, at_prevalence
from derm_xai.records import Assessment, ClinicalContext
from derm_xai.ui.prevalence import AS_IT_IS, DIAL_NOTE, TITLE, natural_frequency
from derm_xai.ui.services import Case
from derm_xai.vocabulary import DIAGNOSES, MALIGNANT, places
from tests.conftest import draw
from tests.present.conftest import assessment, vector  # noqa: F401
from tests.ui.test_assess_page import APP, PATIENCE, load, press, shown

EQUAL, MILK, HAM = MIXES


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, model_folder, assessment: Assessment) -> AppTest:  # noqa: F811
    monkeypatch.setenv("DERM_XAI_MODEL", str(model_folder))
    return open_with(assessment)


def open_with(result: Assessment) -> AppTest:
    page = AppTest.from_file(str(APP), default_timeout=PATIENCE)
    page.session_state["case"] = Case((), (draw(1),), ClinicalContext(), result)
    return page.run()


def dial(page: AppTest, population: str, share: float = AS_IT_IS) -> AppTest:
    page.selectbox(key="population").set_value(population)
    page.select_slider(key="malignant-share").set_value(share)
    return page.run()


def table(page: AppTest) -> str:
    return next(html.body for html in page.html if "At this prevalence" in html.body)


def chances(page: AppTest) -> dict[str, tuple[str, str]]:
    row = '<th scope="row">(.*?)</th><td class="num">(.*?)</td><td class="num">(.*?)</td>'
    return {name: (before, after) for name, before, after in re.findall(row, table(page))}


def patients(page: AppTest) -> int:
    return int(re.search(r"such a clinic, about (\d+) would", shown(page))[1])


def test_it_opens_at_the_reference(page):
    assert not page.exception
    assert TITLE in {expander.label for expander in page.expander}
    assert page.selectbox(key="population").value == EQUAL
    assert page.select_slider(key="malignant-share").value == AS_IT_IS
    assert DIAL_NOTE in shown(page)
    assert len(chances(page)) == 11


def test_the_table_follows_the_dial_and_what_is_shown_stays(page, assessment):  # noqa: F811
    before = chances(page)
    after = chances(dial(page, MILK))
    assert not page.exception
    assert {name: pair[0] for name, pair in after.items()} == {name: pair[0] for name, pair in before.items()}
    bcc = at_prevalence(assessment.ledger, MIXES[MILK].counts)[DIAGNOSES.index("BCC")]
    assert after["Basal cell carcinoma"][1] == f"{100 * bcc:.0f}\N{NO-BREAK SPACE}%"


def test_fewer_malignant_lesions_fewer_malignancies(page):
    counts = [patients(dial(page, HAM, share)) for share in (0.20, 0.06, 0.01)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_it_names_what_a_population_does_not_hold(page):
    assert "Not among its lesions" not in shown(page)
    assert "squamous cell carcinoma" in next(html.body for html in dial(page, HAM).html if "Not among its lesions" in html.body)


def test_malignancies_that_a_population_does_not_hold_are_not_counted_as_absent(page):
    without = "a malignancy, apart from other malignant growth and squamous cell carcinoma or keratoacanthoma, of which"
    assert without in shown(dial(page, HAM))
    assert "apart from" not in shown(dial(page, MILK))


def test_nothing_else_on_the_page_changes(page):
    def others() -> list[str]:
        return [html.body for html in page.html if "At this prevalence" not in html.body and "Population:" not in html.body]

    before = others()
    dial(page, HAM, 0.01)
    assert others() == before
    assert any('<section class="urgency"' in body for body in before)


def test_an_abstained_case_is_no_surer_elsewhere(monkeypatch, model_folder, assessment):  # noqa: F811
    monkeypatch.setenv("DERM_XAI_MODEL", str(model_folder))
    advice = assessment.triage.model_copy(update={"abstained": True, "abstained_because": ("Too much doubt.",)})
    assert "do not rely on these chances either" in shown(open_with(assessment.model_copy(update={"triage": advice})))


def test_a_photo_of_something_else_has_no_chance_anywhere(monkeypatch, model_folder, assessment):  # noqa: F811
    monkeypatch.setenv("DERM_XAI_MODEL", str(model_folder))
    novelty = assessment.prediction.novelty.model_copy(update={"flagged": True})
    prediction = assessment.prediction.model_copy(update={"novelty": novelty})
    page = open_with(assessment.model_copy(update={"prediction": prediction}))
    assert not page.exception
    assert "patients whose evidence looks like this" not in shown(page)


def test_natural_frequencies_never_claim_certainty():
    certain = tuple(1.0 / len(MALIGNANT) if place in places(MALIGNANT) else 0.0 for place in range(11))
    assert "more than 999" in natural_frequency(certain, MIXES[MILK])
    assert "fewer than 1 would" in natural_frequency(vector(0.0), MIXES[MILK])


def test_with_the_committed_model_the_reference_shows_what_is_shown(monkeypatch):
    monkeypatch.setenv("DERM_XAI_SAMPLES", "3")
    # an example of which the model is not all but certain, so that a prevalence shows in whole per cents
    page = press(load(AppTest.from_file(str(APP), default_timeout=PATIENCE).run(), CATALOGUE[2].title))
    assert not page.exception
    assert all(before == after for before, after in chances(page).values())
    dial(page, MILK)
    assert any(before != after for before, after in chances(page).values())
