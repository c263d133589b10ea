"""What is seen in the photos, and where: hair, ink, crust and the like. Described, not scored."""

from collections.abc import Iterable

import streamlit as st

from derm_xai.language import _, later
from derm_xai.present.overlay import evidence_overlay
from derm_xai.present.words import CONCEPT_WORDS, percent, photo_words
from derm_xai.records import ConceptMap
from derm_xai.ui import markup
from derm_xai.ui.parts import named
from derm_xai.ui.services import Case
from derm_xai.ui.tables import Cell, Line, table
from derm_xai.vocabulary import VisualConcept

NOTE = later(
    "0 to 100 %, as another model (MONET) scores such photos: how well the words fit, not how likely the finding is. The "
    "network learnt it for whole photos; the places are its own. None of it adds to the score. How well the figures agree "
    "with MONET's is on the Performance page."
)


def concepts(case: Case) -> None:
    """Show how far each concept is to be seen in each photo, and where, one concept at a time."""
    found = case.assessment.concept_maps
    if not found:
        return
    with st.expander(_("What is seen in the photo, described"), key="concepts"):
        st.html(_table(case, found))
        concept = st.selectbox(
            _("Show where"), list(VisualConcept), format_func=named(VisualConcept, _words), key="concept-shown"
        )
        for each in found:
            if each.concept == concept:
                _where(case, each)
        st.html(markup.quiet(_(NOTE)))


def _words(concept: VisualConcept) -> str:
    return _(CONCEPT_WORDS[concept])


def _table(case: Case, found: tuple[ConceptMap, ...]) -> str:
    heads = [photo_words(photo.image_type) for photo in case.assessment.photos]
    rows = [_row(concept, [each.value for each in found if each.concept == concept]) for concept in VisualConcept]
    return table(_("What is seen in the photo"), (_("Concept"), *heads), rows)


def _row(concept: VisualConcept, values: Iterable[float]) -> Line:
    return _words(concept), *(Cell(percent(value)) for value in values)


def _where(case: Case, seen: ConceptMap) -> None:
    """Show the photo, and beside it where the concept is seen."""
    left, right = st.columns(2, gap="small", wrap=False)
    picture, photo = case.displays[seen.photo], photo_words(case.assessment.photos[seen.photo].image_type)
    caption = _("{concept}, {photo}; full colour stands for 100 %").format(concept=_words(seen.concept), photo=photo)
    with left:
        st.image(picture, _("Photo as assessed"), width="stretch", output_format="JPEG", alt=_("The photo"))
    with right:
        over = evidence_overlay(picture, seen.cells, 0.7, limit=1.0)
        st.image(over, caption, width="stretch", output_format="JPEG", alt=caption)
