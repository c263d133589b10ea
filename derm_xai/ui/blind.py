"""Blind first: the result waits until the reader has committed an answer. Nothing urgent ever waits."""

from dataclasses import replace

import streamlit as st

from derm_xai.language import _
from derm_xai.settings import Settings
from derm_xai.ui import markup
from derm_xai.ui.answer import ask_answer
from derm_xai.ui.services import Case


def toggle() -> None:
    """Offer to answer first; the session remembers the choice."""
    st.session_state.setdefault("blind-first", Settings().blind_first)
    words = _(
        "The result waits until you have committed a diagnosis and what to do next. What is urgent by the notes does not."
    )
    st.toggle(_("I answer first"), key="blind-first", help=words, persist_state="session")


def waits(case: Case) -> bool:
    """Whether the result waits for the reader's answer; not where it was shown before, since that would not be blind."""
    return bool(st.session_state["blind-first"]) and case.answer is None and not case.shown


def ask(case: Case) -> None:
    """Ask for the reader's answer, and keep it with the case once it is committed."""
    st.subheader(_("Your answer first"), anchor=False)
    st.html(markup.quiet(_("The assessment is ready. Commit your answer to see it; it cannot be changed afterwards.")))
    answer = ask_answer("blind")
    if answer is not None:
        st.session_state["case"] = replace(case, answer=answer, shown=True)
        st.rerun()


def mark_shown(case: Case) -> None:
    """Keep that the result of these photos was seen."""
    if not case.shown:
        st.session_state["case"] = replace(case, shown=True)


def carried_over(case: Case, earlier: Case | None) -> Case:
    """Return a new result of the same photos with the answer to the earlier one, and whether that was seen."""
    if earlier is None or earlier.photos != case.photos:
        return case
    return replace(case, answer=earlier.answer, shown=earlier.shown)
