"""Photos and notes in, an explained result out."""

import streamlit as st

from derm_xai.errors import ContextError, DermXaiError
from derm_xai.examples import CATALOGUE
from derm_xai.language import _, later
from derm_xai.present.alarm import alarm
from derm_xai.present.said import error_words
from derm_xai.records import ClinicalContext, LesionPhoto
from derm_xai.settings import Settings
from derm_xai.ui import blind, markup, notes_form, photo_slots
from derm_xai.ui.parts import named, speak_as_chosen
from derm_xai.ui.progress import progress
from derm_xai.ui.result import result
from derm_xai.ui.services import Case, assess_case, example_photos, from_note, model

STALE = later("The notes have changed since this result. Assess again to bring it up to date.")
WELCOME = (
    later("Add a close-up, a dermoscopic photo, or both, of one lesion."),
    later("Record what is known. What is not recorded is taken as unknown, never as no."),
    later("Assess. The result says how urgent, what it could be, whether it can be trusted here, and why."),
)


def _load_example() -> None:
    example = next((example for example in CATALOGUE if example.title == st.session_state["example"]), None)
    if example is not None:
        photo_slots.fill(example_photos(example))
        speak_as_chosen()
        notes_form.fill(example.context.model_copy(update={"notes": _(example.context.notes)}))


def _clear() -> None:
    photo_slots.fill(())
    notes_form.fill(ClinicalContext())
    st.session_state["example"] = None


def _inputs() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", wrap=False):
        st.selectbox(
            _("Try an example"),
            [example.title for example in CATALOGUE],
            format_func=named([example.title for example in CATALOGUE], _),
            index=None,
            key="example",
            placeholder=_("SYNTHETIC photos, invented patients"),
            on_change=_load_example,
            persist_state="session",
        )
        st.button(_("Clear"), key="clear", on_click=_clear, help=_("Take out the photos and all answers"), width="content")
    taken = photo_slots.photo_slots()
    # beside the note, where whoever writes it looks
    above_the_note = st.container(key="alarm")
    context: ClinicalContext | None = None
    try:
        context = notes_form.notes_form()
    except ContextError as error:
        st.error(error_words(error), icon=":material/error:")
    with st.container(key="assess"):
        blind.toggle()
        if (
            st.button(_("Assess"), key="assess-now", type="primary", width="stretch", disabled=context is None)
            and context is not None
        ):
            _assess(taken, context)
    _keep_in_step(taken, context)
    with above_the_note:
        _alarm(context or notes_form.readable())


def _assess(taken: tuple[LesionPhoto, ...], context: ClinicalContext) -> None:
    try:
        with progress() as tell:
            case = assess_case(taken, context, tell)
        st.session_state["case"] = blind.carried_over(case, st.session_state.get("case"))
        st.session_state["evidence-for"] = case.assessment.prediction.ranked[0].diagnosis
    except DermXaiError as error:
        st.error(error_words(error), icon=":material/error:")


def _keep_in_step(taken: tuple[LesionPhoto, ...], context: ClinicalContext | None) -> None:
    """Drop a result of other photos, which may be another patient's; mark one of other notes."""
    case: Case | None = st.session_state.get("case")
    if case is not None and case.photos != taken:
        st.session_state.pop("case")
    st.session_state["stale"] = case is not None and case.context != context


def _alarm(context: ClinicalContext) -> None:
    """Say at once what the notes alone ask for today, unless the result shows it; it waits for no photo and no model."""
    case: Case | None = st.session_state.get("case")
    shown = case is not None and case.context == context and not blind.waits(case)
    found = None if shown else alarm(context, Settings().pathway, from_note(context))
    if found is not None:
        st.html(markup.urgency_box(*found))


def _output() -> None:
    case: Case | None = st.session_state.get("case")
    if case is None:
        st.subheader(_("Assess one lesion"), anchor=False)
        st.html(markup.bullets(map(_, WELCOME), kind="steps"))
        return
    if st.session_state["stale"]:
        st.warning(_(STALE), icon=":material/sync_problem:")
    if blind.waits(case):
        blind.ask(case)
        return
    result(case, model().manifest)
    blind.mark_shown(case)


with st.container(key="workspace"):
    inputs, output = st.columns([5, 9], gap="large")
    with inputs, st.container(key="inputs"):
        _inputs()
    with output, st.container(key="output"):
        _output()
