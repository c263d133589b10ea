"""One result, read from the top: how urgent and what next, what it could be, can it be trusted, why."""

import streamlit as st

from derm_xai.classify.checkpoint import Manifest
from derm_xai.errors import ModelError
from derm_xai.language import _, later
from derm_xai.present import verdict
from derm_xai.present.blind import answer_rows
from derm_xai.present.look_alikes import look_alike_rows
from derm_xai.present.rows import differential_rows
from derm_xai.ui import markup
from derm_xai.ui.answer import side_by_side
from derm_xai.ui.evidence import evidence
from derm_xai.ui.mistaken import mistaken
from derm_xai.ui.services import Case, evaluation
from derm_xai.vocabulary import Diagnosis

PRIOR_NOTE = later(
    "Chances take every diagnosis as equally likely beforehand; intervals are the 5th to 95th percentile of the Monte Carlo "
    "samples. In set: in the conformal prediction set. Each diagnosis has a limit of its own there, so that one with a smaller "
    "chance may be in and one with a larger out."
)

ABSTAINED_NOTE = later("The system abstains on this case: do not rely on these chances.")


def result(case: Case, manifest: Manifest) -> None:
    """Show an assessment."""
    _urgency(case)
    if case.answer is not None:
        side_by_side(case.answer, case.assessment)
    if case.assessment.prediction.novelty.flagged:
        st.html(markup.care(_(verdict.NO_DIAGNOSIS)))
        _trust(case, manifest)
    else:
        _differential(case)
        _trust(case, manifest)
        evidence(case)
        _look_alikes(case)
    with st.expander(_("About this result"), key="about-result"):
        st.html(markup.pairs((*answer_rows(case.answer), *verdict.about_rows(case.assessment, manifest))))
        st.html(markup.bullets(map(_, verdict.LIMITS), kind="quiet"))


def _urgency(case: Case) -> None:
    assessment = case.assessment
    if any(photo.synthetic for photo in assessment.photos):
        st.html(markup.synthetic())
    st.html(markup.urgency_box(assessment.triage.urgency, verdict.urgency_parts(assessment)))


def _differential(case: Case) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(_("What it could be"), anchor=False, width="content")
        voices = st.toggle(_("Photo alone, notes alone"), key="voices")
    if case.assessment.triage.abstained:
        st.html(markup.care(_(ABSTAINED_NOTE)))
    st.html(markup.differential_table(differential_rows(case.assessment), voices=voices))
    st.html(markup.quiet(_(PRIOR_NOTE)))


def _look_alikes(case: Case) -> None:
    with st.expander(_("What it is mistaken for"), key="look-alikes"):
        leading = case.assessment.prediction.ranked[0].diagnosis
        if sentences := _mistaken(leading):
            st.html(markup.bullets(sentences))
        for row in look_alike_rows(case.assessment):
            st.html(markup.look_alike(row))


def _mistaken(leading: Diagnosis) -> tuple[str, ...]:
    try:
        return mistaken(evaluation(), leading)
    except ModelError:
        return ()


def _trust(case: Case, manifest: Manifest) -> None:
    st.subheader(_("Can it be trusted here?"), anchor=False)
    st.html(markup.check_list(verdict.checks(case.assessment, manifest.thresholds)))
