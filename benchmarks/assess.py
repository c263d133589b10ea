"""What one assessment costs, in single passes of the same network: python -m benchmarks.assess."""

from collections.abc import Sequence
from statistics import median

import torch

from benchmarks.obvious import assess_obviously, parts
from benchmarks.rounds import Seconds, Ways, in_turn, ratios, spread
from benchmarks.setting import PATIENT, jpeg, machine, options, prepared, settings
from derm_xai.assess import Judgement, explain, judge
from derm_xai.classify.checkpoint import Model, load_model
from derm_xai.evaluate.card_tables import table
from derm_xai.examples import CATALOGUE, photos
from derm_xai.explain.ledger import ledger
from derm_xai.photo import read_photo
from derm_xai.records import Assessment, Ledger, LesionPhoto
from derm_xai.settings import Settings
from derm_xai.vocabulary import ImageType

SINGLE = "one single pass"
OURS = "an assessment"
CHECKED = "an assessment, checked by captum and shap"
OBVIOUS = "the same, the obvious way"
WARM_UP = 3


def main(arguments: Sequence[str] | None = None) -> None:
    """Time the ways in turn and print what they cost."""
    parser = options("Time an assessment against single passes of its network, and against the obvious way to make it.")
    parser.add_argument("--rounds", type=int, default=20)
    given = parser.parse_args(arguments)
    chosen = settings(given.model)
    file = jpeg(photos(CATALOGUE[0])[ImageType.CLINICAL])
    once = ways(file, load_model(chosen.model_folder()), chosen)
    print(machine(), report(in_turn([once] * (WARM_UP + given.rounds), WARM_UP)), sep="\n\n")


def ways(file: bytes, model: Model, settings: Settings) -> Ways:
    """Return what is timed in turn; the file is a close-up."""
    photo = read_photo(file, ImageType.CLINICAL)
    pixels = prepared(photo.pixels)
    return {
        SINGLE: torch.inference_mode()(lambda: model.network.photo_evidence(pixels)),
        OURS: lambda: assess_once(photo, model, settings),
        CHECKED: lambda: explained(photo, model, settings),
        OBVIOUS: lambda: assess_obviously(photo, PATIENT, model, settings.samples, settings.seed),
        **parts(photo, PATIENT, model, settings.samples),
        "reading the file, before either": lambda: read_photo(file, ImageType.CLINICAL),
    }


def assess_once(photo: LesionPhoto, model: Model, settings: Settings) -> tuple[Judgement, Ledger]:
    """Return all that is said about one photo of the patient, as derm-xai makes it, without the checks from outside."""
    judged = judge([photo], PATIENT, model, settings)
    return judged, ledger(judged.evidence, PATIENT)


def explained(photo: LesionPhoto, model: Model, settings: Settings) -> Assessment:
    """Return the same with the checks from outside and the report card."""
    return explain(judge([photo], PATIENT, model, settings), [photo], PATIENT, model, settings)


def report(seconds: Seconds) -> str:
    """Return a Markdown table and what it comes to."""
    single = seconds[SINGLE]
    rows = [(name, spread([1000 * each for each in taken]), spread(ratios(taken, single))) for name, taken in seconds.items()]
    passes = median(ratios(seconds[OURS], single))
    times, checked = (median(ratios(seconds[OBVIOUS], seconds[way])) for way in (OURS, CHECKED))
    return "\n\n".join(
        (
            table(("what", "ms: median (least to most)", "single passes"), rows),
            f"An assessment costs {passes:.1f} single passes (limit 8, aim 5). "
            f"The obvious way takes {times:.1f} times as long (at least 5, aim 10), and {checked:.1f} times as long as an "
            f"assessment with its checks. {len(single)} rounds; ratios are taken in each round.",
        )
    )


if __name__ == "__main__":
    main()
