"""What would change the answer: answers of the notes at once, parts of the photo when the reader asks."""

from collections.abc import Sequence

import streamlit as st

from derm_xai.classify.lesion import inside
from derm_xai.explain.parts import Parts
from derm_xai.explain.parts import parts as run
from derm_xai.language import _, later
from derm_xai.present.changes import NOTE, change_sentences, curves_sentence, least_sentence
from derm_xai.present.overlay import contour
from derm_xai.records import Assessment
from derm_xai.ui import markup
from derm_xai.ui.curves import charts, charts_alt
from derm_xai.ui.progress import on_request
from derm_xai.ui.services import Case, model

REGION_WIDTH = 400
PHOTO_NOTE = later(
    "Parts of the photo are filled in with the colour of the skin around, and the network looks again: how little has to go "
    "for another diagnosis to lead, and whether what the map calls strongest is what the network uses. It takes a few seconds."
)


def notes_change(assessment: Assessment) -> None:
    """Show which answers would change the urgency."""
    if sentences := change_sentences(assessment):
        st.subheader(_("What would change how urgent this is"), anchor=False)
        st.html(markup.bullets(sentences))
        st.html(markup.quiet(_(NOTE)))


def photo_change(case: Case) -> None:
    """Offer to hide parts of the photos; show what it did in this case."""
    with st.expander(_("What in the photo would change the answer?"), key="parts"):
        found = on_request(
            case,
            "parts",
            _(PHOTO_NOTE),
            _("Hide parts of the photo"),
            lambda tell: run(case.photos, case.context, model(), tell),
        )
        _show(case, found or ())


def _show(case: Case, found: Sequence[Parts]) -> None:
    for place, each in enumerate(found):
        sentence = least_sentence(each.least)
        st.html(markup.bullets([sentence, curves_sentence(each.curves)]))
        if each.least.then:
            outlined = contour(case.displays[place], inside(each.least.region))
            st.image(outlined, sentence, width=REGION_WIDTH, output_format="JPEG", alt=sentence)
        with st.container(horizontal=True):
            for drawn in charts(each.curves):
                st.altair_chart(drawn, width="content", alt=charts_alt(each.curves))
