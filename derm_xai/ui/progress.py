"""Work that takes a while: a bar that tells how far it has come, and work that waits for the reader to ask."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import streamlit as st

from derm_xai.explain.progress import Progress
from derm_xai.language import _
from derm_xai.ui import markup
from derm_xai.ui.services import Case

T = TypeVar("T")


@contextmanager
def progress() -> Iterator[Progress]:
    """Show a bar for as long as the work runs; yield what the work calls with what it does, in English, and the share, 0..1."""
    bar = st.progress(0.0, _("Starting"))

    def tell(what: str, share: float) -> None:
        bar.progress(share, _(what))

    try:
        yield tell
    finally:
        bar.empty()


def on_request(case: Case, key: str, note: str, label: str, work: Callable[[Progress], T]) -> T | None:
    """Offer the work below its note, and return what it found for this case; None until the reader has asked."""
    # style.css leaves an expander out of print in which this offer is the last thing
    with st.container(key=f"offer-{key}"):
        st.html(markup.quiet(note))
        if st.button(label, key=f"{key}-run"):
            with progress() as tell:
                st.session_state[f"{key}-of"] = (case.mark, work(tell))
    of, found = st.session_state.get(f"{key}-of", (None, None))
    return found if of == case.mark else None
