"""How good the model is, and where it was not tested: the figures of its evaluation.json, none of them typed here."""

import streamlit as st

from derm_xai.errors import ModelError
from derm_xai.language import _, later
from derm_xai.present.said import error_words
from derm_xai.ui import markup, services
from derm_xai.ui.performance.sections import SECTIONS

NONE_YET = later(
    "There are no figures of this model that can be read: it was not evaluated, or not with this version of the program. "
    "Evaluate it with derm-xai evaluate."
)
OTHER_MODEL = later(
    "The figures in the model's folder are of another model, so none is shown: the SHA-256 of the weights differs. "
    "Evaluate this one with derm-xai evaluate."
)


def _page() -> None:
    st.title(_("Performance"), anchor=False)
    try:
        evaluation, model = services.evaluation(), services.model()
    except ModelError as error:
        st.error(error_words(error), icon=":material/error:")
        return
    if evaluation is None:
        st.html(markup.care(_(NONE_YET)))
    elif evaluation.weights_sha256 != model.manifest.weights_sha256:
        st.html(markup.care(_(OTHER_MODEL)))
    else:
        for section in SECTIONS:
            section(evaluation)


with st.container(key="performance"):
    _page()
