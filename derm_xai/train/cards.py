"""The limits of the report card, from calibration cases that a finished model has assessed."""

from collections.abc import Sequence

from tqdm import tqdm

from derm_xai.classify.checkpoint import Model
from derm_xai.classify.predict import collect
from derm_xai.datasets.sources import LabelledCase
from derm_xai.explain.cardlimits import fit
from derm_xai.explain.heatmap import grad_cams
from derm_xai.explain.reportcard import measures
from derm_xai.photo import read_photo
from derm_xai.records import CardLimits


def card_limits(cases: Sequence[LabelledCase], model: Model, samples: int, seed: int) -> CardLimits | None:
    """Return limits from these cases, a card for each photo; None where the model got all of them right, or all wrong."""
    numbers, right = [], []
    for case in tqdm(cases, "report cards", unit="case"):
        photos = [read_photo(each.read(), each.image_type) for each in case.photos]
        evidence = collect(photos, case.context, model, samples=samples, seed=seed)
        cams = grad_cams(evidence, model.network, [evidence.leader])
        numbers += measures(evidence, photos, cams, model.network, seed)
        right += [evidence.leader == case.diagnosis] * len(photos)
    source = f"fitted on {len(cases)} calibration cases of the three sets with {model.manifest.id}"
    return fit(numbers, right, source) if len(set(right)) == 2 else None
