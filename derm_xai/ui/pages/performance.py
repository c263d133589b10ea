"""How good the model is, and where it was not tested: the figures of its evaluation.json, none of them typed here."""

import streamlit as st

from derm_xai.errors import ModelError
from derm_xai.evaluate.criteria import answers
from derm_xai.language import _
from derm_xai.present.said import error_words
from derm_xai.ui import services
from derm_xai.ui.performance.sections import SECTIONS, acceptance


def _page() -> None:
    st.title(_("Performance"), anchor=False)
    try:
        evaluation = services.evaluation()
    except ModelError as error:
        st.error(error_words(error), icon=":material/error:")
        return
    acceptance(answers(evaluation, services.model().manifest.thresholds.abstention.score))
    for section in SECTIONS:
        section(evaluation)


with st.container(key="performance"):
    _page()
