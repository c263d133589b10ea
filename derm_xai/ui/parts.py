"""What stands on every page."""

from html import escape
from pathlib import Path

import streamlit as st

from derm_xai.vocabulary import DISCLAIMER

_HERE = Path(__file__).parent
ICON = str(_HERE / "icon.svg")


def frame() -> None:
    """Show the name, and the disclaimer, which stays in sight while the page scrolls."""
    st.logo(ICON, size="small")
    st.html(_HERE / "style.css")
    with st.container(key="disclaimer"):
        st.html(f'<p role="note"><b>derm-xai</b>{escape(DISCLAIMER)}</p>')
