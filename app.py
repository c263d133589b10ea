"""The page: streamlit run app.py."""

import streamlit as st

from derm_xai.ui.parts import ICON, frame

st.set_page_config(page_title="derm-xai", page_icon=ICON, layout="wide", menu_items={"About": None})
page = st.navigation(
    [
        st.Page("derm_xai/ui/pages/assess.py", title="Assess", default=True),
        st.Page("derm_xai/ui/pages/gallery.py", title="Practise"),
        st.Page("derm_xai/ui/pages/performance.py", title="Performance"),
        st.Page("derm_xai/ui/pages/about.py", title="About"),
    ],
    position="top",
)
frame()
page.run()
