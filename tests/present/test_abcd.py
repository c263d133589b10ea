from derm_xai.present.abcd import abcd_rows
from derm_xai.records import Abcd
from derm_xai.vocabulary import ImageType


def measured(**changes) -> Abcd:
    return Abcd(
        image_type=ImageType.CLINICAL,
        asymmetrical_axes=1,
        folds=(0.94, 0.81),
        compactness=1.336,
        colour_shares={"white": 0.0, "red": 0.0, "light brown": 0.75, "dark brown": 0.0, "blue-grey": 0.005, "black": 0.245},
        colours=("light brown", "black"),
        colour_variance=217.4,
        diameter_share=0.36,
        diameter_px=1440.2,
        diameter_mm=None,
        cut_off=False,
        **changes,
    )


def test_each_criterion_says_what_was_measured_and_by_whom():
    asymmetry, border, colour, diameter = abcd_rows(measured())
    assert asymmetry.finding.startswith("On 1 of 2 axes: folds lay 94")
    assert "Stolz" in asymmetry.source
    assert "is 1.34:" in border.finding
    assert colour.finding.startswith("2 of 6: light brown 75")
    assert colour.finding.endswith("variance 217 ΔE²")
    assert diameter.finding.startswith("1,440 pixels, 36")
    assert "no millimetres" in diameter.finding
    assert all(row.source for row in abcd_rows(measured()))


def test_millimetres_are_the_clinicians():
    assert abcd_rows(measured().model_copy(update={"diameter_mm": 8.0}))[-1].finding.startswith(
        "8.0 mm as the clinician stated"
    )
