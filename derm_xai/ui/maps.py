"""The maps over the photos, each with its reading from the report card, and why not another diagnosis."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from derm_xai.classify.lesion import inside
from derm_xai.language import _, decimal, later
from derm_xai.present.explained import card_checks, card_note, card_sentence, contrast_sentences, region_sentence
from derm_xai.present.overlay import Array, cells_limit, colour_bar, contour, evidence_overlay, fine, stable
from derm_xai.present.rows import contrast_table, grad_cam_of
from derm_xai.present.words import diagnosis_words, photo_words
from derm_xai.records import Assessment, Contrast, Map, ReportCard
from derm_xai.ui import markup
from derm_xai.ui.parts import named
from derm_xai.ui.services import Case
from derm_xai.vocabulary import CONCEPTS, DIAGNOSES, Diagnosis

EVIDENCE, GRAD_CAM = later("Evidence map"), later("Grad-CAM check")
EVIDENCE_NOTE = later(
    "How to read it: orange raises the score of this diagnosis, blue lowers it, and the cells add up to the photo's line in "
    "the ledger. Within a cell the colour follows the lesion outline (dotted); each cell keeps its sum. The white line holds "
    "what is stable, more than two spreads from zero. It shows what the model weighed, not where the lesion ends."
)
GRAD_CAM_NOTE = later(
    "How to read it: Grad-CAM is the same quantity computed another way, without dropout. Where it agrees with the evidence "
    "map (r near 1), the map is computed right. It is no second opinion on what the network saw."
)
CONTRAST_NOTE = later(
    "Log-odds of the one against the other, whatever the rest: orange speaks for the first, blue for the second."
)
UNIT = later("log-odds for a cell's area")


def maps(case: Case, diagnosis: Diagnosis) -> None:
    """Show where in the photos the evidence lies, and whether the maps are to be relied on."""
    st.subheader(_("Where in the photo"), anchor=False)
    left, right = st.columns(2, gap="large", vertical_alignment="bottom", wrap=False)
    with left:
        view = st.segmented_control(
            _("Map"),
            (EVIDENCE, GRAD_CAM),
            default=EVIDENCE,
            required=True,
            format_func=named((EVIDENCE, GRAD_CAM), _),
            key="map-view",
            width="stretch",
        )
    with right:
        opacity = st.slider(_("Opacity of the map, %"), 0, 100, 50, 5, key="map-opacity") / 100
    _cards(case.assessment.report_cards, diagnosis)
    places = range(len(case.displays))
    shown = [_cells(case.assessment, place, diagnosis, check=view == GRAD_CAM) for place in places]
    limit = cells_limit(cells for cells, _ in shown if cells is not None)
    index = DIAGNOSES.index(diagnosis)
    for place, (cells, caption) in enumerate(shown):
        photo = case.assessment.ledger.photos[place]
        stability = None if view == GRAD_CAM else (photo.mean[index], photo.spread[index])
        _with_map(case, place, cells, caption, opacity, limit, stability)
        if view != GRAD_CAM and photo.regions:
            st.html(markup.quiet(region_sentence(photo.regions[index])))
    st.html(colour_bar(limit, _(UNIT)))
    st.html(markup.quiet(_(GRAD_CAM_NOTE if view == GRAD_CAM else EVIDENCE_NOTE)))


def _cards(cards: Sequence[ReportCard], diagnosis: Diagnosis) -> None:
    own = [card for card in cards if card.diagnosis == diagnosis]
    if cards and not own:
        sentence = _("The report card judges the map of the leading diagnosis, {diagnosis}.")
        st.html(markup.quiet(sentence.format(diagnosis=diagnosis_words(cards[0].diagnosis))))
    for place, card in enumerate(own):
        sentence = card_sentence(card)
        st.html(markup.quiet(sentence) if card.overall == "read this map" else markup.care(sentence))
        with st.expander(_("Report card: what was checked"), key=f"card-{place}"):
            st.html(markup.check_list(card_checks(card)))
            st.html(markup.quiet(card_note(card)))


def why_not(case: Case) -> None:
    """Show what speaks for the leading diagnosis rather than another, on request."""
    contrasts = {each.that: each for each in case.assessment.contrasts}
    if not contrasts:
        return
    leader = diagnosis_words(next(iter(contrasts.values())).this)
    with st.expander(_("Why {diagnosis}, and why not another?").format(diagnosis=leader), key="why-not"):
        # keyed by its options, so that a choice made for one case does not stray into the next
        key = "why-not-" + "-".join(contrasts)
        that = st.selectbox(_("Why not"), list(contrasts), format_func=named(contrasts, _why_not), key=key)
        contrast = contrasts[that]
        st.html(markup.bullets(contrast_sentences(contrast)))
        st.html(markup.ledger(contrast_table(contrast)))
        _contrast_maps(case, contrast)


def _why_not(diagnosis: Diagnosis) -> str:
    return _("{diagnosis}?").format(diagnosis=_(CONCEPTS[diagnosis].name))


def _contrast_maps(case: Case, contrast: Contrast) -> None:
    masks = [photo.lesion.mask for photo in case.assessment.photos]
    shown = [fine(photo.mean, mask) for photo, mask in zip(contrast.photos, masks, strict=True)]
    limit = cells_limit(shown)
    words = _("{this} rather than {that}").format(this=_(CONCEPTS[contrast.this].name), that=diagnosis_words(contrast.that))
    for place, (cells, photo) in enumerate(zip(shown, contrast.photos, strict=True)):
        _with_map(case, place, cells, f"{words}, {photo_words(photo.image_type)}", 0.5, limit, (photo.mean, photo.spread))
        st.html(markup.quiet(region_sentence(photo.regions)))
    st.html(colour_bar(limit, _(UNIT)))
    st.html(markup.quiet(_(CONTRAST_NOTE)))


def _cells(assessment: Assessment, place: int, diagnosis: Diagnosis, *, check: bool) -> tuple[Map | Array | None, str]:
    """Return the map to show over a photo, and the words below it."""
    photo = assessment.ledger.photos[place]
    name, words = diagnosis_words(diagnosis), photo_words(photo.image_type)
    if not check:
        cells = photo.mean[DIAGNOSES.index(diagnosis)]
        caption = _("Evidence for {diagnosis}, {photo}, {rows} × {columns} cells").format(
            diagnosis=name, photo=words, rows=len(cells), columns=len(cells[0])
        )
        return fine(cells, assessment.photos[place].lesion.mask), caption
    cam = grad_cam_of(assessment, photo.image_type, diagnosis)
    if cam is None:
        return None, _("No Grad-CAM: it is computed for the leading diagnoses only")
    caption = _("Grad-CAM for {diagnosis}, {photo}; agreement r = {agreement}")
    return cam.cells, caption.format(diagnosis=name, photo=words, agreement=decimal(cam.agreement, 2))


def _with_map(
    case: Case,
    place: int,
    cells: Map | Array | None,
    caption: str,
    opacity: float,
    limit: float,
    stability: tuple[Map, Map] | None,
) -> None:
    """Show a photo, and beside it the same with a map and its lines; `stability`: the map's mean and spread."""
    picture = case.displays[place]
    over = picture if cells is None else evidence_overlay(picture, cells, opacity, limit=limit)
    if opacity and cells is not None:
        over = _lines(over, case.assessment.photos[place].lesion.mask, stability)
    side_by_side_photos(picture, over, caption)


def side_by_side_photos(picture: NDArray[np.uint8], over: NDArray[np.uint8], caption: str) -> None:
    """Show a photo, and beside it the same with something drawn over it."""
    left, right = st.columns(2, gap="small", wrap=False)
    with left:
        st.image(picture, _("Photo as assessed"), width="stretch", output_format="JPEG", alt=_("The photo"))
    with right:
        st.image(over, caption, width="stretch", output_format="JPEG", alt=caption)


def _lines(over: NDArray[np.uint8], mask: Sequence[str], stability: tuple[Map, Map] | None) -> NDArray[np.uint8]:
    lesion = inside(mask)
    over = contour(over, lesion, dotted=True)
    return over if stability is None else contour(over, stable(*stability, lesion.shape))
