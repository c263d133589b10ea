"""Does the answer hold under small changes? Tried when the reader asks, since it takes a while."""

import streamlit as st

from derm_xai.explain.stress import stress as run
from derm_xai.language import _, later
from derm_xai.present.explained import stress_checks, stress_sentence
from derm_xai.ui import markup
from derm_xai.ui.progress import on_request
from derm_xai.ui.services import Case, model

NOTE = later(
    "Crop, light, colour, JPEG, blur, and drawn ink, ruler, hair and gel, each mild, at the size that the network sees."
)


def stress(case: Case) -> None:
    """Offer the test; show what it found for this case."""
    with st.expander(_("Does the answer hold under small changes?"), key="stress"):
        test = on_request(
            case, "stress", _(NOTE), _("Try small changes"), lambda tell: run(case.photos, case.context, model(), tell)
        )
        if test is not None:
            st.html(markup.bullets([stress_sentence(test)]))
            st.html(markup.check_list(stress_checks(test)))
