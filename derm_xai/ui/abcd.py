"""Shape and colour by the ABCD criteria, under the maps: described, not scored."""

from collections.abc import Sequence

import streamlit as st

from derm_xai.language import _
from derm_xai.present.abcd import CUT_OFF, NO_OUTLINE, NOTE, abcd_rows
from derm_xai.present.words import IMAGE_TYPES
from derm_xai.records import Abcd, Assessment, PhotoRecord
from derm_xai.ui import markup
from derm_xai.ui.tables import table


def shapes(assessment: Assessment) -> None:
    """Show what was measured in each photo."""
    if not assessment.shapes:
        return
    with st.expander(_("Shape and colour (ABCD), described"), key="abcd"):
        _tables(assessment.photos, assessment.shapes)
        st.html(markup.quiet(_(NOTE)))


def _tables(photos: Sequence[PhotoRecord], found: Sequence[Abcd | None]) -> None:
    for photo, own in zip(photos, found, strict=True):
        name = _(IMAGE_TYPES[photo.image_type]).capitalize()
        if own is None:
            st.html(markup.quiet(f"{name}: {_(NO_OUTLINE)}"))
            continue
        st.html(table(name, (name, _("Measured"), _("By")), abcd_rows(own)))
        if own.cut_off:
            st.html(markup.care(_(CUT_OFF)))
