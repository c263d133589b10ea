"""What is seen, other methods' maps and what would change the answer, on the Assess page."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from derm_xai.examples import CATALOGUE
from derm_xai.explain.curves import Curves
from derm_xai.records import ConceptMap
from derm_xai.ui.concepts import relative
from derm_xai.ui.curves import charts, charts_alt
from derm_xai.vocabulary import Diagnosis, ImageType, VisualConcept
from tests.ui.test_assess_page import APP, PATIENCE, load, press, shown

CURVES = Curves(
    image_type=ImageType.CLINICAL,
    leading=Diagnosis.MEL,
    shares=(0.0, 0.5, 1.0),
    deletion=(0.9, 0.2, 0.1),
    insertion=(0.1, 0.8, 0.9),
    random_deletion=(0.9, 0.5, 0.1),
    random_insertion=(0.1, 0.5, 0.9),
)


@pytest.fixture(scope="module")
def example(model_folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DERM_XAI_SAMPLES", "3")
        patch.setenv("DERM_XAI_MODEL", str(model_folder))
        page = AppTest.from_file(str(APP), default_timeout=PATIENCE).run()
        yield press(load(page, CATALOGUE[0].title))


def test_shape_colour_and_changes_are_on_the_page(example):
    text = shown(example)
    assert not example.exception
    assert "never scored" in text
    assert "ABCD rule of dermatoscopy" in text or "no lesion to measure" in text
    assert "What would change how urgent this is" in [each.value for each in example.subheader]
    assert "no reason to change an answer" in text


def captions(page: AppTest) -> str:
    return "\n".join(image.caption for element in page.get("image") for image in element.proto.imgs)


def test_what_is_seen_is_shown_with_its_place_one_concept_at_a_time(example):
    assert all(words in shown(example) for words in ("Ulceration or crust", "None of it adds to the score"))
    photos = len(example.session_state["case"].photos)
    example.selectbox(key="concept-shown").select(VisualConcept.HAIR).run()
    assert not example.exception
    assert captions(example).count("Hair,") == photos
    assert "Ulceration or crust," not in captions(example)


def test_a_concepts_place_is_told_against_the_whole_photo():
    # log-odds of -1.1, 0, 1.1 and 0: none on the whole
    seen = ConceptMap(photo=0, concept=VisualConcept.INK, value=0.5, cells=((0.25, 0.5), (0.75, 0.5)))
    assert relative(seen) == pytest.approx(np.log(3) * np.array([[-1, 0], [1, 0]]))
    certain = seen.model_copy(update={"cells": ((0.0, 1.0),)})
    assert np.isfinite(relative(certain)).all()


def test_other_methods_are_drawn_when_asked_for(example):
    assert "Occlusion for" not in captions(example)
    example.button(key="other-maps-run").click().run()
    assert not example.exception
    drawn = captions(example)
    photos = len(example.session_state["case"].photos)
    assert drawn.count("Occlusion for") == drawn.count("Integrated gradients for") == photos


def test_parts_are_hidden_when_asked_for(example):
    assert "Area under the curve" not in shown(example)
    example.button(key="parts-run").click().run()
    assert not example.exception
    text = shown(example)
    assert text.count("Area under the curve") == len(example.session_state["case"].photos)
    assert "deletion" in text


def test_the_chart_holds_the_curves_and_their_random_means():
    hidden, given = (chart.to_dict() for chart in charts(CURVES))
    for drawn, ends in ((hidden, (0.9, 0.1)), (given, (0.1, 0.9))):
        (rows,) = drawn["datasets"].values()
        assert {row["order"] for row in rows} == {"by the map", "random order, mean"}
        assert [(row["share"], row["chance"]) for row in rows if row["share"] in (0, 1)] == 2 * [(0, ends[0]), (1, ends[1])]


def test_the_chart_in_words():
    assert "90" in charts_alt(CURVES)
    assert "hidden" in charts_alt(CURVES)
