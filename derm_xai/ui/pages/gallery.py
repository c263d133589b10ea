"""Practise: answer first on drawn cases, then read the assessment. One of them is deliberately wrong."""

import streamlit as st

from derm_xai.errors import DermXaiError
from derm_xai.examples.practice import EXERCISES
from derm_xai.language import _, later
from derm_xai.present.said import error_words
from derm_xai.ui import markup, practice
from derm_xai.ui.services import model

INTRODUCTION = (
    later("{n} SYNTHETIC cases, drawn by code, with invented patients."),
    later("Nobody examined these lesions: what one was drawn as is not a diagnosis."),
    later("You answer first, then see the assessment, then give your final answer."),
    later("One assessment is deliberately wrong. You learn which after your final answer."),
)


def _page() -> None:
    st.title(_("Practise"), anchor=False)
    state = practice.held()
    if not state.done:
        st.html(markup.bullets((_(line).format(n=len(EXERCISES)) for line in INTRODUCTION), kind="steps"))
    if len(state.done) == len(EXERCISES):
        practice.end(state)
        return
    try:
        practice.exercise(state, model())
    except DermXaiError as error:
        st.error(error_words(error), icon=":material/error:")


with st.container(key="practise"):
    _page()
