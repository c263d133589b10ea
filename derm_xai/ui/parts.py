"""What stands on every page."""

from collections.abc import Callable, Iterable
from functools import wraps
from html import escape
from pathlib import Path
from typing import ParamSpec, TypeVar

import streamlit as st

from derm_xai.language import LANGUAGES, Language, _, speak
from derm_xai.vocabulary import DISCLAIMER

_HERE = Path(__file__).parent
ICON = str(_HERE / "icon.svg")
P = ParamSpec("P")
T = TypeVar("T")


def speak_as_chosen() -> None:
    """Speak the reader's language: the one chosen on the page, at first the browser's. Each run and each callback asks anew."""
    speak(st.session_state.setdefault("language", _first_language()))


def fragment(part: Callable[P, None]) -> Callable[P, None]:
    """Make a part of a page a fragment that speaks the reader's language when it runs again alone, without app.py."""

    @st.fragment
    @wraps(part)
    def speaking(*args: P.args, **kwargs: P.kwargs) -> None:
        speak_as_chosen()
        part(*args, **kwargs)

    return speaking


def named(options: Iterable[T], words: Callable[[T], str]) -> Callable[[T], str]:
    """Return a `format_func` that keeps the words of now: it is also called in threads that speak no chosen language."""
    names = {option: words(option) for option in options}
    return lambda option: names.get(option, str(option))


def frame() -> None:
    """Show the name, the language switch, and the disclaimer, which stays in sight while the page scrolls."""
    st.logo(ICON, size="small")
    st.html(_HERE / "style.css")
    with st.container(key="disclaimer", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.html(f'<p role="note"><b>derm-xai</b>{escape(_(DISCLAIMER))}</p>')
        _language_switch()


def _language_switch() -> None:
    # one label in both languages: who needs it may not read the language that the page speaks
    st.segmented_control(
        "Language, langue",
        LANGUAGES,
        required=True,
        format_func=str.upper,
        key="language",
        label_visibility="collapsed",
        on_change=_say_choices_again,
        persist_state="session",
    )


def _say_choices_again() -> None:
    """Hand each choice to the browser anew: it holds choices by their words, and would send the old ones back."""
    for key, value in list(st.session_state.items()):
        if isinstance(value, str | float):
            st.session_state[key] = value


def _first_language() -> Language:
    return "fr" if (st.context.locale or "").startswith("fr") else "en"
