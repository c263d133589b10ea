"""A bar beside work that tells how far it has come."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from derm_xai.language import _


@contextmanager
def progress() -> Iterator[Callable[[str, float], None]]:
    """Show a bar for as long as the work runs; yield what the work calls with what it does, in English, and the share, 0..1."""
    bar = st.progress(0.0, _("Starting"))

    def tell(what: str, share: float) -> None:
        bar.progress(share, _(what))

    try:
        yield tell
    finally:
        bar.empty()
