"""Why: the ledger, the evidence maps and the notes' share for a diagnosis that the reader chooses."""

import streamlit as st

from derm_xai.language import _, later
from derm_xai.present.explained import question_sentences
from derm_xai.present.rows import ledger_table, notes_rows, notes_sentences
from derm_xai.present.words import signed
from derm_xai.records import Assessment
from derm_xai.ui import markup
from derm_xai.ui.abcd import shapes
from derm_xai.ui.change import notes_change, photo_change
from derm_xai.ui.concepts import concepts
from derm_xai.ui.maps import maps, why_not
from derm_xai.ui.other_maps import other_maps
from derm_xai.ui.parts import fragment, named
from derm_xai.ui.prevalence import prevalence
from derm_xai.ui.services import Case
from derm_xai.ui.stress import stress
from derm_xai.vocabulary import CONCEPTS, Diagnosis

LEDGER_NOTE = later(
    "Log-odds: {plus} about doubles the odds against any other diagnosis, {minus} about halves them. The chances above "
    "follow from all 11 scores (softmax). Spread: standard deviation over the Monte Carlo samples."
)


@fragment
def evidence(case: Case) -> None:
    """Show why a diagnosis has its score. Moving a control here runs nothing but this part again."""
    st.subheader(_("Why"), anchor=False)
    ranked = [differential.diagnosis for differential in case.assessment.prediction.ranked]
    diagnosis = st.selectbox(
        _("Evidence for"), ranked, format_func=named(ranked, lambda each: _(CONCEPTS[each].name)), key="evidence-for"
    )
    st.html(markup.on_paper(_("Evidence for {diagnosis}").format(diagnosis=_(CONCEPTS[diagnosis].name).lower())))
    st.html(markup.ledger(ledger_table(case.assessment, diagnosis)))
    st.html(markup.quiet(_(LEDGER_NOTE).format(plus=signed(0.7, 1), minus=signed(-0.7, 1))))
    prevalence(case.assessment)
    maps(case, diagnosis)
    shapes(case.assessment)
    concepts(case)
    why_not(case)
    other_maps(case)
    stress(case)
    photo_change(case)
    _notes(case.assessment, diagnosis)
    notes_change(case.assessment)


def _notes(assessment: Assessment, diagnosis: Diagnosis) -> None:
    st.subheader(_("What the notes add"), anchor=False)
    st.html(markup.contributions(notes_rows(assessment, diagnosis)))
    st.html(markup.bullets(notes_sentences(assessment), kind="quiet"))
    st.html(markup.quiet(_("SHAP values against a patient of whom nothing is recorded; they equal the ledger's lines.")))
    if asked := question_sentences(assessment):
        st.subheader(_("What to ask next"), anchor=False)
        st.html(markup.bullets(asked))
