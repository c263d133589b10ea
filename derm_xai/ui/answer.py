"""The short form in which a reader commits a diagnosis and an urgency, and both answers side by side."""

from datetime import UTC, datetime

import streamlit as st

from derm_xai.language import _
from derm_xai.present.blind import CANNOT_SAY, URGENCIES, answer_words, beside, urgency_words
from derm_xai.records import Assessment, BlindAnswer
from derm_xai.ui import markup
from derm_xai.ui.parts import named
from derm_xai.vocabulary import DIAGNOSES, Diagnosis

_OPTIONS = (*DIAGNOSES, CANNOT_SAY)


def ask_answer(key: str) -> BlindAnswer | None:
    """Ask for a diagnosis and an urgency; return them in the run in which they are committed."""
    diagnosis = ask_diagnosis(key, None)
    urgency = st.selectbox(
        _("What you would do next"),
        URGENCIES,
        index=None,
        format_func=named(URGENCIES, urgency_words),
        key=f"{key}-urgency",
        placeholder=_("Choose one"),
    )
    open_yet = diagnosis is None or urgency is None
    committed = st.button(_("Commit"), type="primary", key=f"{key}-commit", disabled=open_yet)
    if diagnosis is None or urgency is None or not committed:
        return None
    return BlindAnswer(diagnosis=as_diagnosis(diagnosis), urgency=urgency, at=datetime.now(UTC))


def ask_diagnosis(key: str, at_first: str | None) -> str | None:
    """Ask for one of the diagnoses or "I cannot say"; None as long as nothing is chosen."""
    chosen: str | None = st.selectbox(
        _("Your leading diagnosis"),
        _OPTIONS,
        index=None if at_first is None else _OPTIONS.index(at_first),
        format_func=named(_OPTIONS, lambda option: answer_words(as_diagnosis(option))),
        key=f"{key}-diagnosis",
        placeholder=_("Choose one"),
    )
    return chosen


def as_diagnosis(option: str) -> Diagnosis | None:
    """Return an option of the form as a diagnosis; None for "I cannot say"."""
    return None if option == CANNOT_SAY else Diagnosis(option)


def side_by_side(answer: BlindAnswer, assessment: Assessment) -> None:
    """Show the reader's answer and the system's."""
    st.subheader(_("Your answer and the system's"), anchor=False)
    st.html(markup.beside(beside(answer, assessment)))
