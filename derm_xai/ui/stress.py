"""Does the answer hold under small changes? Tried when the reader asks, since it takes a while."""

import streamlit as st

from derm_xai.explain.stress import stress as run
from derm_xai.language import _, later
from derm_xai.present.explained import stress_checks, stress_sentence
from derm_xai.records import StressTest
from derm_xai.ui import markup
from derm_xai.ui.progress import progress
from derm_xai.ui.services import Case, model

NOTE = later(
    "Crop, light, colour, JPEG, blur, and drawn ink, ruler, hair and gel, each mild, at the size that the network sees."
)


def stress(case: Case) -> None:
    """Offer the test; show what it found for this case."""
    with st.expander(_("Does the answer hold under small changes?"), key="stress"):
        st.html(markup.quiet(_(NOTE)))
        if st.button(_("Try small changes"), key="stress-run"):
            st.session_state["stress-of"] = (case.mark, _tried(case))
        of, test = st.session_state.get("stress-of", (None, None))
        if of == case.mark and test is not None:
            st.html(markup.bullets([stress_sentence(test)]))
            st.html(markup.check_list(stress_checks(test)))


def _tried(case: Case) -> StressTest:
    with progress() as tell:
        return run(case.photos, case.context, model(), tell)
