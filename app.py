"""The page: streamlit run app.py."""

import streamlit as st

from derm_xai.errors import SettingsError
from derm_xai.language import _
from derm_xai.present.said import error_words
from derm_xai.settings import Settings
from derm_xai.ui.parts import ICON, frame, speak_as_chosen

st.set_page_config(page_title="derm-xai", page_icon=ICON, layout="wide", menu_items={"About": None})
speak_as_chosen()
page = st.navigation(
    [
        st.Page("derm_xai/ui/pages/assess.py", title=_("Assess"), default=True),
        st.Page("derm_xai/ui/pages/gallery.py", title=_("Practise")),
        st.Page("derm_xai/ui/pages/performance.py", title=_("Performance")),
        st.Page("derm_xai/ui/pages/about.py", title=_("About")),
    ],
    position="top",
)
frame()
try:
    Settings()
except SettingsError as error:
    st.error(error_words(error), icon=":material/error:")
else:
    page.run()
