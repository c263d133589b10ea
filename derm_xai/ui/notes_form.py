"""The notes as a short form. Every question starts at "not recorded", and an answer can be taken back to it."""

from collections.abc import Iterable
from typing import Any

import streamlit as st

from derm_xai.errors import ContextError
from derm_xai.language import _
from derm_xai.notes.findings import Findings
from derm_xai.notes.form import read_form, readable_form
from derm_xai.notes.levels import NOT_RECORDED
from derm_xai.notes.prefill import answers
from derm_xai.notes.reader import read_notes
from derm_xai.present.words import FIELDS, ROMAN, recorded, site_words, skin_tone_words
from derm_xai.records import ClinicalContext
from derm_xai.ui import markup
from derm_xai.ui.parts import named
from derm_xai.vocabulary import AnatomSite, Sex, Side

YES_NO = (NOT_RECORDED, "no", "yes")
LESION = ("grew", "changed", "irregular_shape", "irregular_colour", "bleed", "itch", "hurt")
LESION_MORE = (
    *("new_lesion", "change_in_shape", "change_in_colour", "elevation", "firm", "rapid_growth", "inflammation", "oozing"),
    *("crust", "ulceration", "altered_sensation", "nail_band", "ugly_duckling", "acral_or_mucosal_site"),
)
RED_FLAGS = (
    *("facial_swelling_or_breathing", "unwell", "fever", "non_blanching", "new_drug", "blisters", "mucosal_lesions"),
    *("widespread_rash", "erythroderma", "pain_out_of_proportion", "swelling_beyond_redness", "spreading_redness"),
    "eye_involved",
)
HISTORY = (
    *("skin_cancer_history", "melanoma_history", "family_melanoma", "cancer_history", "immunosuppressed"),
    *("sunburn", "sunbeds", "many_naevi"),
)
EXAMINATION = ("dermoscopy_suggests_melanoma", "strong_concern")
DERMOSCOPY = (
    *("atypical_network", "blue_white_veil", "atypical_vessels", "irregular_streaks", "irregular_dots"),
    *("irregular_blotches", "regression_structures"),
)
_NUMBERS = ("age", "diameter_mm", "duration_days")
_PERSIST: Any = "session"


def notes_form() -> ClinicalContext:
    """Show the form and return its answers. Raises ContextError."""
    for name in FIELDS:
        st.session_state.setdefault(_key(name), _blank(name))
    _note()
    left, right = st.columns([2, 3], gap="small", wrap=False)
    with left:
        st.number_input(_label("age"), 0, 120, None, key=_key("age"), placeholder=_(NOT_RECORDED), persist_state=_PERSIST)
    with right:
        _choice("anatom_site", tuple(site.value for site in AnatomSite), site_words)
    _control("sex", (NOT_RECORDED, *(sex.value for sex in Sex)))
    _control("side", (NOT_RECORDED, *(side.value for side in Side)))
    _questions(("high_risk_site",))
    left, right = st.columns(2, gap="small", wrap=False)
    with left:
        _choice("skin_tone", tuple("012345"), lambda tone: skin_tone_words(int(tone)))
    with right:
        _choice("fitzpatrick", tuple("123456"), lambda kind: ROMAN[int(kind) - 1])
    _more(_("Red flags"), RED_FLAGS)
    st.markdown(_("**The lesion**"))
    _questions(LESION)
    left, right = st.columns(2, gap="small", wrap=False)
    with left:
        _number("diameter_mm", 0.1, 500.0, 0.5, "%.1f")
    with right:
        _number("duration_days", 0, 45_000, 1, "%d")
    _more(_("More about the lesion"), LESION_MORE)
    _more(_("History"), HISTORY)
    _more(_("Clinician's examination"), EXAMINATION)
    _more(_("Clinician's dermoscopy"), DERMOSCOPY)
    return read_form(_held())


def readable() -> ClinicalContext:
    """Return the answers that can be read, where the form as a whole cannot: a note too long takes no red flag along."""
    return readable_form(_held().items())


def _held() -> dict[str, Any]:
    held = {name: st.session_state[_key(name)] for name in FIELDS}
    return {name: answer for name, answer in held.items() if answer != NOT_RECORDED}


def fill(context: ClinicalContext) -> None:
    """Put these answers in the form; call it before the form is shown."""
    held = set(recorded(context))
    for name in FIELDS:
        known = name in held or name == "notes"
        st.session_state[_key(name)] = _answer(name, getattr(context, name)) if known else _blank(name)


def _note() -> None:
    """Show the note, what is read in it, and a button that fills in what the form does not hold yet."""
    text = st.text_area(
        _label("notes"),
        key=_key("notes"),
        height=90,
        placeholder=_("English or French. Leave out names."),
        help=_(
            "What is read here fires written rules unless the form says no, and fills in the form: check it. It is not scored."
        ),
        persist_state=_PERSIST,
    )
    try:
        findings = read_notes(text)
    except ContextError:
        return  # the form says why when it is read
    if findings.findings:
        st.html(markup.note(text, findings))
        if otherwise := _held_otherwise(findings):
            words = _(
                "The form holds other answers than the note: {fields}. Correct one of them; for another patient, clear both."
            )
            st.warning(words.format(fields=", ".join(map(_label, otherwise))), icon=":material/difference:")
        st.button(_("Fill in the form with what was read"), key="fill-in", on_click=_fill_in, args=(findings,), width="stretch")


def _held_otherwise(findings: Findings) -> list[str]:
    """Return the fields to which the form holds another answer than the note."""
    read = read_form(answers(findings))
    held = {name: st.session_state[_key(name)] for name in recorded(read)}
    return [name for name, answer in held.items() if answer not in (_blank(name), _answer(name, getattr(read, name)))]


def _fill_in(findings: Findings) -> None:
    """Put what was read where the form holds nothing; what the clinician has answered stays."""
    read = read_form(answers(findings))
    for name in recorded(read):
        if st.session_state[_key(name)] == _blank(name):
            st.session_state[_key(name)] = _answer(name, getattr(read, name))


def _answer(name: str, value: Any) -> Any:
    """Return a recorded value as its control holds it."""
    if name in _NUMBERS:
        return float(value) if name == "diameter_mm" else value
    return YES_NO[1 + value] if isinstance(value, bool) else str(value)


def _blank(name: str) -> str | None:
    if name in _NUMBERS:
        return None
    return "" if name == "notes" else NOT_RECORDED


def _label(name: str) -> str:
    return _(FIELDS[name])


def _key(name: str) -> str:
    return f"note-{name}"


def _number(name: str, least: float, most: float, step: float, shown: str) -> None:
    placed: dict[str, Any] = {"key": _key(name), "placeholder": _(NOT_RECORDED), "persist_state": _PERSIST}
    st.number_input(_label(name), least, most, None, step, shown, **placed)


def _questions(names: Iterable[str]) -> None:
    for name in names:
        _control(name, YES_NO)


def _control(name: str, options: tuple[str, ...]) -> None:
    st.segmented_control(
        _label(name),
        options,
        required=True,
        format_func=named(options, lambda option: _(option).capitalize()),
        key=_key(name),
        width="stretch",
        persist_state=_PERSIST,
    )


def _choice(name: str, options: tuple[str, ...], words: Any) -> None:
    st.selectbox(
        _label(name),
        (NOT_RECORDED, *options),
        format_func=named((NOT_RECORDED, *options), lambda option: _(option) if option == NOT_RECORDED else words(option)),
        key=_key(name),
        persist_state=_PERSIST,
    )


def _more(title: str, names: tuple[str, ...]) -> None:
    held = sum(st.session_state[_key(name)] != NOT_RECORDED for name in names)
    with st.expander(
        _("{title} ({held} recorded)").format(title=title, held=held) if held else title, key=f"more-{names[0]}", type="compact"
    ):
        _questions(names)
