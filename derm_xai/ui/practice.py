"""The training gallery, case by case. Everything is computed when it is needed, and kept in the session alone."""

from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from derm_xai.classify.checkpoint import Model
from derm_xai.examples import Example
from derm_xai.examples.practice import EXERCISES, Exercise
from derm_xai.language import _, later
from derm_xai.present.blind import CANNOT_SAY, answer_words, leading
from derm_xai.present.practice import Practised, notes_as_rows, signs, summary
from derm_xai.present.words import photo_words
from derm_xai.records import BlindAnswer
from derm_xai.ui import markup
from derm_xai.ui.answer import as_diagnosis, ask_answer, ask_diagnosis
from derm_xai.ui.progress import progress
from derm_xai.ui.result import result
from derm_xai.ui.services import Case, assess_case, example_photos

FEW = later("So few drawn cases say nothing of how good you or the system are; they show how a wrong assessment reads.")
WRONG = later("This assessment was deliberately wrong: it is that of another case, “{title}”, shown over these photos.")
RIGHT = later("This assessment was the program's own for this case.")


class Round(NamedTuple):
    """How far the reader has come: the exercises done, and the answers given to the one that is on."""

    done: tuple[Practised, ...] = ()
    answer: BlindAnswer | None = None
    final: str | None = None


def held() -> Round:
    """Return how far the reader has come in this session."""
    state: Round = st.session_state.get("practice", Round())
    return state


def _go_on(state: Round) -> None:
    st.session_state["practice"] = state
    st.rerun()


def exercise(state: Round, model: Model) -> None:
    """Show one exercise as far as it has come: the case, the reader's answers, what it was, the assessment."""
    at = len(state.done)
    now = EXERCISES[at]
    words = _("Case {place} of {n}").format(place=at + 1, n=len(EXERCISES))
    st.subheader(f"{words}: {_(now.example.title)}", anchor=False)
    case = _as_shown(now)
    _photos_and_notes(case, now.example)
    if state.answer is None:
        _first_answer(state, case)
        return
    if state.final is None:
        _final_answer(state, state.answer)
    else:
        _revealed(state, now, case)
    result(replace(case, answer=state.answer), model.manifest)


def end(state: Round) -> None:
    """Show the count, and offer to begin again."""
    st.subheader(_("How it went"), anchor=False)
    st.html(markup.bullets(summary(state.done)))
    st.html(markup.quiet(_(FEW)))
    if st.button(_("Begin again"), key="practice-again"):
        _go_on(Round())


def _photos_and_notes(case: Case, example: Example) -> None:
    st.html(markup.synthetic())
    *places, beside = st.columns(len(case.displays) + 1, gap="medium")
    for place, photo, picture in zip(places, case.photos, case.displays, strict=True):
        words = photo_words(photo.image_type)
        with place:
            st.image(picture, words.capitalize(), width="stretch", output_format="JPEG", alt=words)
    with beside:
        st.markdown(_(example.context.notes))
    with st.expander(_("The notes as recorded"), key="practice-notes"):
        st.html(markup.pairs(notes_as_rows(example.context)))


def _first_answer(state: Round, case: Case) -> None:
    st.subheader(_("Your answer first"), anchor=False)
    if (answer := ask_answer(f"practice-{len(state.done)}")) is not None:
        st.session_state["evidence-for"] = case.assessment.prediction.ranked[0].diagnosis
        _go_on(state._replace(answer=answer))


def _final_answer(state: Round, first: BlindAnswer) -> None:
    st.subheader(_("Your final answer"), anchor=False)
    st.html(markup.quiet(_("Read the assessment below, then keep your diagnosis or change it.")))
    chosen = ask_diagnosis(f"practice-final-{len(state.done)}", first.diagnosis or CANNOT_SAY)
    if st.button(_("Give the final answer"), type="primary", key="practice-give"):
        _go_on(state._replace(final=chosen))


def _revealed(state: Round, now: Exercise, case: Case) -> None:
    """Say what was drawn, whether the assessment was the wrong one, and what gave it away."""
    outcome = _outcome(state, now, case)
    st.subheader(_("What it was"), anchor=False)
    st.html(markup.pairs(_answers(outcome)))
    if now.wrong:
        st.html(markup.care(_(WRONG).format(title=_(now.assessed.title))))
        _gave_away(case, _own(now.example))
    else:
        st.html(markup.quiet(_(RIGHT)))
    last = len(state.done) + 1 == len(EXERCISES)
    if st.button(_("See how it went") if last else _("Next case"), type="primary", key="practice-next"):
        _go_on(Round(done=(*state.done, outcome)))


def _outcome(state: Round, now: Exercise, case: Case) -> Practised:
    first = state.answer.diagnosis if state.answer else None
    final = as_diagnosis(state.final or CANNOT_SAY)
    return Practised(now.wrong, drawn=now.example.kind, shown=leading(case.assessment), first=first, final=final)


def _answers(outcome: Practised) -> tuple[tuple[str, str], ...]:
    return (
        (_("Drawn as"), answer_words(outcome.drawn)),
        (
            _("The assessment shown"),
            _("No diagnosis is suggested") if outcome.shown is None else answer_words(outcome.shown),
        ),
        (_("Your first answer"), answer_words(outcome.first)),
        (_("Your final answer"), answer_words(outcome.final)),
    )


def _gave_away(shown: Case, own: Case) -> None:
    found = signs(shown.assessment, own.assessment)
    gave, silent = _("What on this page gave it away"), _("What did not")
    st.markdown(f"**{gave}**")
    st.html(markup.bullets(found.told))
    st.markdown(f"**{silent}**")
    st.html(markup.bullets(found.silent, kind="quiet"))


def _as_shown(now: Exercise) -> Case:
    """Return the exercise's photos and notes with the assessment that is shown for them."""
    own = _own(now.example)
    return replace(own, assessment=_own(now.assessed).assessment) if now.wrong else own


def _own(example: Example) -> Case:
    """Return an example with its own assessment, computed once a session."""
    cases: dict[str, Case] = st.session_state.setdefault("practice-cases", {})
    # there in every run: were it there in the first alone, all below would be built anew and lose the reader's focus
    place = st.empty()
    if example.title not in cases:
        with place, progress() as tell:
            cases[example.title] = assess_case(example_photos(example), example.context, tell)
    return cases[example.title]
