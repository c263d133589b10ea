"""What is seen in the photos, and where: hair, ink, crust and the like. Described, not scored."""

from collections.abc import Iterable

import numpy as np
import streamlit as st

from derm_xai.language import _, later
from derm_xai.present.overlay import Array, cells_limit, colour_bar, evidence_overlay
from derm_xai.present.words import CONCEPT_WORDS, percent, photo_words
from derm_xai.records import ConceptMap
from derm_xai.ui import markup
from derm_xai.ui.maps import side_by_side_photos
from derm_xai.ui.parts import named
from derm_xai.ui.services import Case
from derm_xai.ui.tables import Cell, Line, table
from derm_xai.vocabulary import VisualConcept

NOTE = later(
    "0 to 100 %, as another model (MONET) scores such photos: how well the words fit, not how likely the finding is. In the "
    "picture, orange is where the network sees it more than in the photo as a whole, and blue where it sees it less; it learnt "
    "this for whole photos, and the places are its own. None of it adds to the score. How well the figures agree with MONET's "
    "is on the Performance page."
)
LEAST = 1e-6
UNIT = later("log-odds, the photo as a whole being 0")


def concepts(case: Case) -> None:
    """Show how far each concept is to be seen in each photo, and where, one concept at a time."""
    found = case.assessment.concept_maps
    if not found:
        return
    with st.expander(_("What is seen in the photo, described"), key="concepts"):
        st.html(_table(case, found))
        options = list(VisualConcept)
        concept = st.selectbox(_("Show where"), options, format_func=named(options, _words), key="concept-shown")
        shown = [(each.photo, relative(each)) for each in found if each.concept == concept]
        limit = cells_limit(cells for _place, cells in shown)
        for place, cells in shown:
            _where(case, place, cells, limit, _words(concept))
        st.html(colour_bar(limit, _(UNIT)))
        st.html(markup.quiet(_(NOTE)))


def _words(concept: VisualConcept) -> str:
    return _(CONCEPT_WORDS[concept])


def _table(case: Case, found: tuple[ConceptMap, ...]) -> str:
    heads = [photo_words(photo.image_type) for photo in case.assessment.photos]
    rows = [_row(concept, [each.value for each in found if each.concept == concept]) for concept in VisualConcept]
    return table(_("What is seen in the photo"), (_("Concept"), *heads), rows)


def _row(concept: VisualConcept, values: Iterable[float]) -> Line:
    return _words(concept), *(Cell(percent(value)) for value in values)


def relative(seen: ConceptMap) -> Array:
    """Return a map's log-odds less those of the whole photo, which are their mean."""
    cells = np.array(seen.cells).clip(LEAST, 1 - LEAST)
    log_odds: Array = np.log(cells / (1 - cells))
    centred: Array = log_odds - log_odds.mean()
    return centred


def _where(case: Case, place: int, cells: Array, limit: float, words: str) -> None:
    """Show the photo, and beside it where the concept is seen."""
    picture, photo = case.displays[place], photo_words(case.assessment.photos[place].image_type)
    caption = _("{concept}, {photo}").format(concept=words, photo=photo)
    side_by_side_photos(picture, evidence_overlay(picture, cells, 0.6, limit=limit), caption)
