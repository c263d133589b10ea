"""The lesions' outlines as files, each under its photo's name."""

from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from torch import Tensor

from derm_xai.classify.lesion import full_size
from derm_xai.records import LesionPhoto


@dataclass
class Masks:
    """A folder of masks. `photos`: by a mask's name, the photo that it was written for; `missing`: masks not written."""

    folder: Path
    photos: dict[Path, Path] = field(default_factory=dict)
    missing: int = 0

    def __post_init__(self) -> None:
        """Make the folder. Raises OSError where that cannot be done."""
        self.folder.mkdir(parents=True, exist_ok=True)

    def write(self, name: Path, outline: Tensor, photo: LesionPhoto) -> None:
        """Write the mask of the photo of that name: a black and white PNG in the photo's size, white inside.

        One that cannot be written, or would replace a file or another photo's mask, counts as missing.
        """
        mask = name.with_suffix(".png")
        if mask in self.photos:
            self.missing += self.photos[mask] != name
            return
        self.photos[mask] = name
        try:
            (self.folder / mask).parent.mkdir(parents=True, exist_ok=True)
            with (self.folder / mask).open("xb") as file:
                Image.fromarray(full_size(outline, *photo.pixels.shape[:2])).save(file, "PNG")
        except OSError:
            self.missing += 1
