"""A whole evaluation made by hand. Its figures are invented."""

from derm_xai.evaluate.records import (
    AtPrevalence,
    Bin,
    ConceptFigures,
    Doubt,
    Evaluation,
    Explanations,
    Figure,
    NotLesions,
    OperatingPoint,
    ReadingFigures,
    Reliability,
    Row,
    SetCoverage,
    Subgroup,
)

NOTHING = {"rows": (), "reliability": (), "doubts": (), "sets": (), "operating_points": (), "subgroups": ()}


def figure(value: float, n: int = 600, by: float = 0.04) -> Figure:
    return Figure(value=value, low=value - by, high=value + by, n=n)


def row(data: str, given: str, classes: int, balanced: float, n: int) -> Row:
    values = {"balanced accuracy": balanced, "melanoma AUC": balanced + 0.21, "malignancy AUC": balanced + 0.17, "ECE": 0.052}
    return Row(data=data, given=given, classes=classes, figures={name: figure(each, n) for name, each in values.items()})


def doubt(data: str, score: str, area: float) -> Doubt:
    curve = ((0.05, 0.07), (0.5, 0.31), (1.0, 0.46))
    return Doubt(data=data, score=score, error_auroc=figure(area), aurc=figure(0.27), error_left=figure(0.72), curve=curve)


def coverage(level: float, group_by: str, group: str, share: float, n: int = 600) -> SetCoverage:
    return SetCoverage(
        data="MILK10k", level=level, group_by=group_by, group=group, coverage=figure(share, n), size=figure(3.4, n, 0.3)
    )


def point(data: str, target: str, sensitivity: float) -> OperatingPoint:
    values = ((0.01, 0.016, 0.998), (0.06, 0.091, 0.989), (0.20, 0.28, 0.958))
    return OperatingPoint(
        data=data,
        target=target,
        threshold=0.137,
        sensitivity=figure(sensitivity, 401),
        specificity=figure(0.41, 214),
        at_prevalence=tuple(AtPrevalence(prevalence=p, ppv=figure(ppv, 615), npv=figure(npv, 615)) for p, ppv, npv in values),
    )


def full(**changes: object) -> Evaluation:
    whole = {
        "model_id": "toy",
        "weights_sha256": "ab" * 32,
        "rows": (
            row("MILK10k", "close-up", 11, 0.394, 613),
            row("MILK10k", "both photos and notes", 11, 0.483, 615),
            row("HAM10000 without VASC", "dermoscopic and notes", 6, 0.719, 1288),
        ),
        "reliability": (
            Reliability(
                data="MILK10k", bins=(Bin(confidence=0.33, accuracy=0.29, n=118), Bin(confidence=0.84, accuracy=0.77, n=497))
            ),
            Reliability(data="HAM10000 without VASC", bins=(Bin(confidence=0.61, accuracy=0.66, n=1288),)),
        ),
        "doubts": (
            doubt("MILK10k", "one minus the lead over the second", 0.742),
            doubt("MILK10k", "mutual information", 0.681),
            doubt("HAM10000 without VASC", "mutual information", 0.791),
        ),
        "sets": (
            coverage(0.9, "all", "all", 0.914),
            coverage(0.95, "all", "all", 0.957),
            coverage(0.9, "diagnosis", "MEL", 0.88, 49),
            coverage(0.95, "skin tone", "1", 0.75, 12),
        ),
        "operating_points": (
            point("MILK10k", "a malignancy", 0.934),
            point("HAM10000 without VASC", "melanoma", 0.905),
        ),
        "subgroups": (
            Subgroup(data="MILK10k", group_by="sex", group="female", n=281, figures={"melanoma AUC": figure(0.871, 281)}),
            Subgroup(data="MILK10k", group_by="skin tone", group="0", n=7, figures={}),
            Subgroup(data="HAM10000 without VASC", group_by="site", group="head_neck_face", n=17, figures={}),
        ),
        "mask_dice": figure(0.936, 1300),
        "not_lesions": NotLesions(
            described="120 photos of other things against 735 validation cases",
            auroc=figure(0.973, 735),
            flagged_others=figure(0.86, 120),
            flagged_lesions={"MILK10k": figure(0.063, 615)},
        ),
        "concepts": (
            ConceptFigures(concept="vasculature_vessels", calibration_error=figure(0.07), rank_correlation=figure(0.841)),
        ),
        "explanations": Explanations(
            hot=figure(2.05, 240),
            elsewhere=figure(0.49, 240),
            faithfulness=figure(4.23, 240),
            methods=(),
            malignant_inside=figure(2.02, 88),
            card_auroc=figure(0.774, 240),
            readings=(ReadingFigures(reading="read this map", right=figure(0.89, 128)),),
            randomised=figure(-0.09, 60),
            permuted=figure(0.15, 60),
            flips={"hair": figure(0.1, 60)},
        ),
    }
    return Evaluation.model_validate(whole | changes)
