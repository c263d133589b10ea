"""The leading diagnosis by other methods than the ledger's map, on request, each with how far it agrees."""

import streamlit as st

from derm_xai.explain.other_maps import OtherMap
from derm_xai.explain.other_maps import other_maps as run
from derm_xai.language import _, later
from derm_xai.present.overlay import evidence_overlay
from derm_xai.present.words import diagnosis_words, photo_words, signed
from derm_xai.ui.progress import on_request
from derm_xai.ui.services import Case, model

METHODS = {
    "integrated gradients": later("Integrated gradients"),
    "occlusion": later("Occlusion"),
}
NOTE = later(
    "Integrated gradients follow the score from a photo of one colour to this one; occlusion covers one window after another. "
    "Neither adds up to the score as the evidence map does, and the strongest cell of each has the full colour. r is 1 where a "
    "map agrees with the evidence map, and 0 where it has nothing to do with it. It takes about half a minute for each photo."
)


def other_maps(case: Case) -> None:
    """Offer the maps; show those of this case."""
    with st.expander(_("What do other methods show?"), key="other-maps"):
        found = on_request(
            case,
            "other-maps",
            _(NOTE),
            _("Draw maps by other methods"),
            lambda tell: run(case.photos, case.assessment, model(), tell),
        )
        if found is not None:
            _show(case, found)


def _show(case: Case, found: tuple[OtherMap, ...]) -> None:
    name = diagnosis_words(case.assessment.prediction.ranked[0].diagnosis)
    for place, picture in enumerate(case.displays):
        own = found[place * len(METHODS) : (place + 1) * len(METHODS)]
        for column, each in zip(st.columns(len(own), gap="small", wrap=False), own, strict=True):
            caption = _("{method} for {diagnosis}, {photo}; agreement r = {agreement}").format(
                method=_(METHODS[each.method]),
                diagnosis=name,
                photo=photo_words(each.image_type),
                agreement=signed(each.agreement),
            )
            over = evidence_overlay(picture, each.cells, 0.5)
            column.image(over, caption, width="stretch", output_format="JPEG", alt=caption)
