"""What this is, what it is not, and the model's own card."""

import streamlit as st

from derm_xai.errors import ModelError
from derm_xai.language import _, later, spoken
from derm_xai.present.said import error_words
from derm_xai.present.verdict import LIMITS
from derm_xai.ui import markup, services

INTENDED = later(
    "derm-xai shows what an explainable aid to skin-lesion triage could look like. It is for clinicians, developers and "
    "researchers who want to study or criticise such an aid, with photos and notes they may use. It is not for patients, for "
    "self-diagnosis, or for any decision about care. It discharges nobody: its calmest advice says what to come back for."
)
METHOD = later(
    "The score is built from what is shown: a prior, one term for each cell of each photo, and one for each recorded field of "
    "the notes. They add up exactly, so that there is no second explanation beside the model. Written referral rules stand "
    "apart from the model; they can raise the urgency, never lower it. Each names its source, and whether that was read at the "
    "source or in a page that reports it, which is no grade of its evidence. Free text is kept with the result and not scored."
)
PRIVACY = (
    later(
        "Photos and notes are held in memory for as long as the browser's session lasts. None is saved. While it is received, "
        "an upload of more than 1 MB passes through a temporary file without a name, which the system deletes."
    ),
    later("A photo's name, place, time and other embedded data are dropped as it is read."),
    later("The page loads nothing from other hosts and sends no usage statistics."),
    later("As set up here it answers only to this machine. It has no sign-in: do not open it to a network."),
)
CARD_NOTE = later("The card is made from the model's own records and is written in English alone.")


def _about() -> None:
    st.title(_("About derm-xai"), anchor=False)
    st.markdown(_(INTENDED))
    st.subheader(_("How a result comes about"), anchor=False)
    st.markdown(_(METHOD))
    st.subheader(_("Limits"), anchor=False)
    st.html(markup.bullets(map(_, LIMITS)))
    st.subheader(_("Privacy"), anchor=False)
    st.html(markup.bullets(map(_, PRIVACY)))
    st.subheader(_("Model card"), anchor=False)
    if spoken() != "en":
        st.html(markup.quiet(_(CARD_NOTE)))
    try:
        st.markdown(services.model_card())
    except ModelError as error:
        st.error(error_words(error), icon=":material/error:")


with st.container(key="reading"):
    _about()
