"""Why: the ledger, the evidence maps and the notes' share for a diagnosis that the reader chooses."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from derm_xai.present.overlay import cells_limit, colour_bar, evidence_overlay
from derm_xai.present.rows import grad_cam_of, ledger_table, notes_rows, notes_sentences
from derm_xai.present.words import IMAGE_TYPES, MINUS
from derm_xai.records import Assessment, EvidenceMap, Map
from derm_xai.ui import markup
from derm_xai.ui.prevalence import prevalence
from derm_xai.ui.services import Case
from derm_xai.vocabulary import CONCEPTS, DIAGNOSES, Diagnosis

EVIDENCE, GRAD_CAM = "Evidence map", "Grad-CAM check"
LEDGER_NOTE = (
    f"Log-odds: +0.7 about doubles the odds against any other diagnosis, {MINUS}0.7 about halves them. The chances above "
    "follow from all 11 scores (softmax). Spread: standard deviation over the Monte Carlo samples."
)
EVIDENCE_NOTE = (
    "How to read it: orange raises the score of this diagnosis, blue lowers it, and the cells add up to the photo's line in "
    "the ledger. It shows what the model weighed, not where the lesion ends."
)
GRAD_CAM_NOTE = (
    "How to read it: Grad-CAM computes a map another way, without dropout. Where it agrees with the evidence map (r near 1), "
    "the evidence map is what the network does."
)


@st.fragment
def evidence(case: Case) -> None:
    """Show why a diagnosis has its score. Moving a control here runs nothing but this part again."""
    st.subheader("Why", anchor=False)
    ranked = [differential.diagnosis for differential in case.assessment.prediction.ranked]
    diagnosis = st.selectbox("Evidence for", ranked, format_func=lambda each: CONCEPTS[each].name, key="evidence-for")
    st.html(markup.ledger(ledger_table(case.assessment, diagnosis)))
    st.html(markup.quiet(LEDGER_NOTE))
    prevalence(case.assessment)
    _maps(case, diagnosis)
    _notes(case.assessment, diagnosis)


def _maps(case: Case, diagnosis: Diagnosis) -> None:
    st.subheader("Where in the photo", anchor=False)
    left, right = st.columns(2, gap="large", vertical_alignment="bottom", wrap=False)
    with left:
        view = st.segmented_control(
            "Map", (EVIDENCE, GRAD_CAM), default=EVIDENCE, required=True, key="map-view", width="stretch"
        )
    with right:
        opacity = st.slider("Opacity of the map, %", 0, 100, 50, 5, key="map-opacity") / 100
    shown = [_cells(case.assessment, photo, diagnosis, check=view == GRAD_CAM) for photo in case.assessment.ledger.photos]
    limit = cells_limit(cells for cells, _ in shown if cells is not None)
    for picture, (cells, caption) in zip(case.displays, shown, strict=True):
        _beside(picture, cells, caption, opacity, limit)
    st.html(colour_bar(limit, "log-odds for each cell"))
    st.html(markup.quiet(GRAD_CAM_NOTE if view == GRAD_CAM else EVIDENCE_NOTE))


def _cells(assessment: Assessment, photo: EvidenceMap, diagnosis: Diagnosis, *, check: bool) -> tuple[Map | None, str]:
    """Return the cells to show over a photo, and the words below them."""
    name, words = CONCEPTS[diagnosis].name, IMAGE_TYPES[photo.image_type]
    if not check:
        cells = photo.mean[DIAGNOSES.index(diagnosis)]
        return cells, f"Evidence for {name.lower()}, {words}, {len(cells)} × {len(cells[0])} cells"
    cam = grad_cam_of(assessment, photo.image_type, diagnosis)
    if cam is None:
        return None, "No Grad-CAM: it is computed for the leading diagnoses only"
    return cam.cells, f"Grad-CAM for {name.lower()}, {words}; agreement r = {cam.agreement:.2f}"


def _beside(picture: NDArray[np.uint8], cells: Map | None, caption: str, opacity: float, limit: float) -> None:
    left, right = st.columns(2, gap="small", wrap=False)
    over = picture if cells is None else evidence_overlay(picture, cells, opacity, limit=limit)
    with left:
        st.image(picture, "Photo as assessed", width="stretch", output_format="JPEG", alt="The photo")
    with right:
        st.image(over, caption, width="stretch", output_format="JPEG", alt=caption)


def _notes(assessment: Assessment, diagnosis: Diagnosis) -> None:
    st.subheader("What the notes add", anchor=False)
    st.html(markup.contributions(notes_rows(assessment, diagnosis)))
    st.html(markup.bullets(notes_sentences(assessment), kind="quiet"))
    st.html(markup.quiet("SHAP values against a patient of whom nothing is recorded; they equal the ledger's lines."))
