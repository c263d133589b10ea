"""A place for each photo. A photo that was read is kept in the session, so it outlives a visit to another page.

Neither its file nor the file's name is kept: names of files often hold names of patients.
"""

from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from derm_xai.errors import PhotoError
from derm_xai.language import _
from derm_xai.photo import MAX_BYTES, distinct, read_photo
from derm_xai.present.said import error_words
from derm_xai.present.words import photo_words
from derm_xai.records import LesionPhoto
from derm_xai.ui.services import display
from derm_xai.vocabulary import ImageType

FILE_TYPES = ["jpg", "jpeg", "png", "webp", "heic", "tif", "tiff", "bmp", "gif"]


class Slot(NamedTuple):
    """A photo in its place, with its picture at screen size; or why the file was refused."""

    photo: LesionPhoto | None = None
    picture: NDArray[np.uint8] | None = None
    refused: PhotoError | None = None


def photo_slots() -> tuple[LesionPhoto, ...]:
    """Show both places and return the photos in them."""
    columns = st.columns(2, gap="small", wrap=False)
    for column, image_type in zip(columns, ImageType, strict=True):
        with column:
            _show(image_type)
    for image_type in ImageType:
        if refused := _slot(image_type).refused:
            st.error(f"{photo_words(image_type).capitalize()}: {error_words(refused)}", icon=":material/error:")
    taken = tuple(photo for image_type in ImageType if (photo := _slot(image_type).photo) is not None)
    if len(taken) < len(ImageType):
        formats = _("JPEG, PNG, WebP, HEIC, TIFF, BMP or GIF, up to {limit} MB. File names are not kept.")
        st.caption(formats.format(limit=MAX_BYTES // 10**6))
    kept = tuple(distinct(taken))
    if len(kept) < len(taken):
        st.warning(
            _("Both places hold the same picture, so it counts once. Put the other photo in."), icon=":material/warning:"
        )
    return kept


def fill(photos: tuple[LesionPhoto, ...]) -> None:
    """Put these photos in their places, and empty the others."""
    for image_type in ImageType:
        photo = next((photo for photo in photos if photo.image_type is image_type), None)
        st.session_state[_key(image_type)] = Slot() if photo is None else Slot(photo, display(photo.pixels))


def _show(image_type: ImageType) -> None:
    slot, words = _slot(image_type), photo_words(image_type)
    if slot.photo is None or slot.picture is None:
        _uploader(image_type, words.capitalize())
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="xxsmall"):
        st.caption(words.capitalize(), width="content")
        st.button(_("Remove"), key=f"remove-{image_type}", on_click=_empty, args=(image_type,), type="tertiary")
    st.image(slot.picture, width="stretch", output_format="JPEG", alt=_("The {photo} in place").format(photo=words))
    if slot.photo.synthetic:
        st.caption(_("SYNTHETIC, drawn by code"))
    if not slot.photo.quality.ok:
        st.warning(" ".join(map(_, slot.photo.quality.reasons)), icon=":material/warning:")


def _uploader(image_type: ImageType, label: str) -> None:
    # a new key after each file empties the uploader, which would show the file's name
    key = f"upload-{image_type}-{st.session_state.get('uploads', 0)}"
    st.file_uploader(label, FILE_TYPES, key=key, on_change=_take, args=(image_type, key), max_upload_size=MAX_BYTES // 10**6)


def _take(image_type: ImageType, key: str) -> None:
    file = st.session_state[key]
    if file is None:
        return
    try:
        photo = read_photo(file.getvalue(), image_type)
        slot = Slot(photo, display(photo.pixels))
    except PhotoError as error:
        slot = Slot(refused=error)
    st.session_state[_key(image_type)] = slot
    st.session_state["uploads"] = st.session_state.get("uploads", 0) + 1


def _empty(image_type: ImageType) -> None:
    st.session_state[_key(image_type)] = Slot()


def _slot(image_type: ImageType) -> Slot:
    slot: Slot = st.session_state.get(_key(image_type), Slot())
    return slot


def _key(image_type: ImageType) -> str:
    return f"photo-{image_type}"
