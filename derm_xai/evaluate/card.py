"""The model card (Mitchell et al. 2019), written from the manifest and the evaluation, never by hand."""

from derm_xai.classify.checkpoint import Manifest
from derm_xai.classify.columns import COLUMNS
from derm_xai.evaluate.card_explained import concepts, explanations, lesion_mask, not_lesions
from derm_xai.evaluate.card_tables import (
    calibration,
    criteria,
    figures_table,
    operating_points,
    paragraphs,
    prediction_sets,
    subgroups,
    uncertainty,
    urgencies,
)
from derm_xai.evaluate.criteria import answers
from derm_xai.evaluate.records import UNTESTED_BELOW, Evaluation
from derm_xai.vocabulary import CONCEPTS, DISCLAIMER, Diagnosis

__all__ = ["figures_table", "model_card"]

LOOKS = "Each takes four looks: as it is and by half a turn, then smaller, mirrored and upside down. "
LIMITS = (
    "The public sets hold hardly any dark skin. No claim is made there.",
    "The photos come from specialist clinics in Europe, Australia and Brazil; most lesions were worrying enough for a biopsy.",
    "Mucosa, nails and widespread rashes are not in the data; few cases are children's.",
    "Training was watched on the calibration part after every epoch, so that figures there would be flattered.",
    "Notes terms that were artefacts of a data set are held at bay (docs/decisions/0005); in published figures they are not.",
    "The novelty limit was set on photos of lesions; whether it flags a photo of a rash was not measured.",
    "The lesion outline was learned and measured on dermoscopic photos alone.",
    "Hair, ink, rulers and gel may carry weight: look at the evidence map.",
)
"""Of every model that is trained on the public sets. What only one model's history holds is in its manifest."""


def model_card(manifest: Manifest, evaluation: Evaluation) -> str:
    """Return the card as Markdown, without the parts that were not measured."""
    return (
        paragraphs(
            _about(manifest),
            _training_data(manifest),
            _figures(evaluation),
            criteria(answers(evaluation, manifest.thresholds.abstention.score)),
            _calibration(manifest, evaluation),
            uncertainty(evaluation),
            prediction_sets(evaluation),
            operating_points(evaluation),
            urgencies(evaluation),
            subgroups(evaluation),
            lesion_mask(evaluation),
            concepts(evaluation),
            not_lesions(evaluation),
            explanations(evaluation),
            _limits(manifest, evaluation),
        )
        + "\n"
    )


def _about(manifest: Manifest) -> str:
    labels = "\n".join(f"- `{label}`: {CONCEPTS[Diagnosis(label)].name}" for label in manifest.labels)
    return f"""# Model card: {manifest.id}

**{DISCLAIMER}**

## What it is
{" and ".join(column.name for column in COLUMNS)}, side by side, that end in one set of class maps, with additive terms
for image type and notes. {LOOKS if manifest.four_looks else ""}\
The score of a diagnosis is the sum of the terms shown in the evidence ledger.
Made {manifest.created}, at git commit `{manifest.git_commit}`.
SHA-256 of the weights: `{manifest.weights_sha256}`. Weights licence: {manifest.licence}, as the photos they came from.
Started from: {manifest.pretrained}.

Diagnoses:

{labels}

## What it is for
Research on explanations of lesion classifiers, by clinicians, triage staff, researchers and regulators, with photos that they
may use. It is not for deciding about a patient, and discharges nobody; it is not for patients themselves, nor for what it was
not tested on (Subgroups, Limits).\
"""


def _training_data(manifest: Manifest) -> str:
    data = "\n".join(
        f"- {each.name} ({each.licence}, <{each.source}>): {each.train} cases trained on, {each.calibration} calibrated on, "
        f"{each.validation} held for validation."
        for each in manifest.data
    )
    recipes = "\n".join(f"- {name}: `{recipe}`" for name, recipe in manifest.recipe.items())
    return f"""## Training data
{data}

Groups (lesion with its twins across the sets, or patient) stand on one side of every split. Command: `{manifest.command}`.
Recipes, run one after the other:

{recipes}"""


def _figures(evaluation: Evaluation) -> str:
    if not evaluation.rows:
        return ""
    return f"""## Figures
On the validation part, kept out of training and calibration. Intervals: 95 %, 1,000 bootstrap resamples by lesion or patient;
one that lacks a class of the set does not count for a mean over classes.
Every diagnosis is taken as equally likely beforehand; a leading class that a set does not hold counts as wrong.

{figures_table(evaluation)}

Repeat with `derm-xai evaluate --data DIR --others DIR --explanations 120`, where the first DIR holds the public sets. The
validation lesions are listed (derm_xai/datasets/held_out.csv); larger copies of their photos give somewhat other figures."""


def _calibration(manifest: Manifest, evaluation: Evaluation) -> str:
    temperature = ", ".join(f"{name} {value:.2f}" for name, value in manifest.temperature.items())
    thresholds = manifest.thresholds
    fitted = f"""## Calibration
Temperatures, fitted on the calibration part: {temperature}. Operating points, chosen there for a sensitivity of 0.95 with each
set of photos: any malignancy {thresholds.malignancy:.3f}; melanoma {thresholds.melanoma:.3f}; melanoma, squamous cell carcinoma
and other malignancy {thresholds.referral:.3f}. The prior takes the {len(manifest.labels)} diagnoses as equally common, as in no
clinic. The temperatures were fitted on cases mixed as in the sets and take up part of that mix: a stated chance is right on
average among such cases, and too sure where the diagnoses are mixed alike."""
    return paragraphs(fitted, calibration(evaluation))


def _limits(manifest: Manifest, evaluation: Evaluation) -> str:
    return "## Limits\n" + "\n".join(f"- {sentence}" for sentence in (*LIMITS, *_few(evaluation), *manifest.limits))


def _few(evaluation: Evaluation) -> tuple[str, ...]:
    """Return which diagnoses have too few validation cases, and what the rarest weighs."""
    counts = {(each.data, each.group): each.coverage.n for each in evaluation.sets if each.group_by == "diagnosis"}
    few = [f"{data} `{group}` ({n})" for (data, group), n in counts.items() if n < UNTESTED_BELOW]
    if not few:
        return ()
    data, rarest = min(counts, key=counts.__getitem__)
    n, most, commonest = counts[data, rarest], *max((n, group) for (of, group), n in counts.items() if of == data)
    return (
        f"Diagnoses with so few validation cases that their figures are anecdotes: {', '.join(few)}.",
        "Macro figures give each diagnosis the same weight, and their intervals do not hold what so few cases leave unsure: on "
        f"{data}, `{rarest}` (n = {n}) counts as much as `{commonest}` (n = {most}).",
    )
