"""Shape and colour of a lesion as a table: what was measured, and by whose rule."""

from typing import NamedTuple

from derm_xai.explain.colours import SIX
from derm_xai.explain.shape import SYMMETRICAL
from derm_xai.language import _, decimal, later
from derm_xai.present.words import joined, percent
from derm_xai.records import Abcd

NOTE = later(
    "Measured inside the outline that the network drew, which errs. It describes the photo and is never scored: neither the "
    "model nor a written rule reads it."
)
CUT_OFF = later("The outline reaches the photo's edge: shape and size are those of the part in view.")
NO_OUTLINE = later("The network saw no lesion to measure in this photo.")


class AbcdRow(NamedTuple):
    """A criterion, what was measured, and where the measure is from."""

    criterion: str
    finding: str
    source: str


def abcd_rows(found: Abcd) -> tuple[AbcdRow, ...]:
    """Return A, B, C and D."""
    return (
        AbcdRow(_("Asymmetry"), _asymmetry(found), _("ABCD rule of dermatoscopy (Stolz, Nachbar 1994), of the outline alone")),
        AbcdRow(
            _("Border"),
            _("Perimeter² / (4 π area) is {ratio}: 1 for a circle, 1.27 for a square").format(
                ratio=decimal(found.compactness, 2)
            ),
            _("Isoperimetric ratio; no limit is set"),
        ),
        AbcdRow(
            _("Colour"),
            _colour(found),
            _("The rule's six colours, each pixel by the nearest in CIELAB (after Kasmi and Mokrani)"),
        ),
        AbcdRow(
            _("Diameter"),
            _diameter(found),
            _("Largest distance in the outline. ABCDE asks for over 6 mm (Abbasi 2004); some melanomas are smaller"),
        ),
    )


def _asymmetry(found: Abcd) -> str:
    first, second = map(percent, found.folds)
    return _("On {axes} of 2 axes: folds lay {first} and {second} of it on itself; below {limit} counts").format(
        axes=found.asymmetrical_axes, first=first, second=second, limit=percent(SYMMETRICAL)
    )


def _colour(found: Abcd) -> str:
    names = joined([f"{_(name)} {percent(found.colour_shares[name])}" for name in found.colours])
    return _("{count} of {all}: {names}; variance {variance} ΔE²").format(
        count=len(found.colours), all=len(SIX), names=names, variance=decimal(found.colour_variance, 0)
    )


def _diameter(found: Abcd) -> str:
    sides = {"pixels": decimal(found.diameter_px, 0), "share": percent(found.diameter_share)}
    if found.diameter_mm is None:
        return _("{pixels} pixels, {share} of the photo's width; a photo has no scale, so no millimetres").format(**sides)
    stated = decimal(found.diameter_mm, 1)
    return _("{stated} mm as the clinician stated; {pixels} pixels, {share} of the photo's width").format(
        stated=stated, **sides
    )
