import csv
import json
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import f1_score, roc_auc_score

from derm_xai.batch.cases import read_cases
from derm_xai.classify.doubt import SCORES
from derm_xai.classify.lesion import full_size
from derm_xai.classify.predict import collect, predict
from derm_xai.datasets.sources import load_all, read_mask
from derm_xai.datasets.splits import Part, split
from derm_xai.errors import DataError
from derm_xai.evaluate.card import model_card
from derm_xai.evaluate.records import Evaluation
from derm_xai.evaluate.run import evaluate, write_cases
from derm_xai.photo import read_photo
from derm_xai.records import ClinicalContext
from derm_xai.settings import Settings
from derm_xai.vocabulary import DIAGNOSES, DISCLAIMER, MALIGNANT, Diagnosis, ImageType
from tests.conftest import draw, encoded
from tests.datasets import published

FEW = Settings(samples=2, seed=3)
MILK, HAM, PAD = "MILK10k", "HAM10000 without VASC", "PAD-UFES-20"
ALL = frozenset(ImageType)


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (96, 128, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return published.all_sets(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def validation(data):
    """The validation cases by the name of their data set, without HAM10000's vascular lesions."""
    cases = split(load_all(data))[Part.VALIDATION]
    return {
        name: [case for case in cases if name.startswith(case.source) and (name != HAM or case.diagnosis is not Diagnosis.VASC)]
        for name in (MILK, HAM, PAD)
    }


@pytest.fixture(scope="module")
def others(tmp_path_factory):
    """Three photos of noise, one of them in a subfolder, and what is no photo."""
    folder = tmp_path_factory.mktemp("others")
    (folder / "more").mkdir()
    for name, seed in (("a.png", 0), ("b.png", 1), ("more/c.png", 2)):
        (folder / name).write_bytes(encoded(noise(seed)))
    (folder / "readme.txt").write_text("no photo")
    (folder / "tiny.png").write_bytes(encoded(draw(1, 8, 8)))
    return folder


@pytest.fixture(scope="module")
def predictions(validation, model):
    """What the product says of each validation case, one at a time."""
    return {name: [predicted(case, model) for case in cases] for name, cases in validation.items()}


@pytest.fixture(scope="module")
def judging(model, predictions):
    """The toy model with a novelty limit that half of the lesions pass."""
    limit = float(np.median([each.novelty.score for found in predictions.values() for each in found]))
    thresholds = model.manifest.thresholds.model_copy(update={"novelty": limit})
    return replace(model, manifest=model.manifest.model_copy(update={"thresholds": thresholds}))


@pytest.fixture(scope="module")
def evaluation(data, judging, others) -> Evaluation:
    return evaluate(data, judging, FEW, others=others, resamples=10)


def predicted(case, model, image_types=ALL):
    photos = [read_photo(photo.read(), photo.image_type) for photo in case.photos if photo.image_type in image_types]
    return predict(collect(photos, case.context, model, samples=FEW.samples, seed=FEW.seed), model)


def test_figures_are_of_the_validation_part(evaluation, validation):
    counts = {(row.data, row.given): row.figures["macro AUC"].n for row in evaluation.rows}
    assert counts == {
        **dict.fromkeys(
            ((MILK, given) for given in ("close-up", "dermoscopic", "both photos", "notes", "both photos and notes")),
            len(validation[MILK]),
        ),
        **dict.fromkeys(((HAM, given) for given in ("dermoscopic", "dermoscopic and notes")), len(validation[HAM])),
        **dict.fromkeys(((PAD, given) for given in ("close-up", "close-up and notes")), len(validation[PAD])),
    }
    assert min(counts.values()) > 0


def test_the_figures_are_those_of_the_predictions_of_a_case_at_a_time(evaluation, validation, predictions, judging):
    cases, both = validation[MILK], predictions[MILK]
    close_ups = [predicted(case, judging, {ImageType.CLINICAL}) for case in cases]
    probabilities = {
        "both photos and notes": [[each.probability.value for each in one.differentials] for one in both],
        "both photos": [[each.probability_photo for each in one.differentials] for one in both],
        "notes": [[each.probability_notes for each in one.differentials] for one in both],
        "close-up": [[each.probability_photo for each in one.differentials] for one in close_ups],
    }
    malignant = np.array([case.diagnosis in MALIGNANT for case in cases])
    wanted = [index for index, diagnosis in enumerate(DIAGNOSES) if diagnosis in MALIGNANT]
    assert malignant.any()
    assert not malignant.all()
    for given, rows in probabilities.items():
        row = next(row for row in evaluation.rows if (row.data, row.given) == (MILK, given))
        expected = roc_auc_score(malignant, np.array(rows)[:, wanted].sum(1))
        assert row.figures["malignancy AUC"].value == pytest.approx(expected)
        assert row.classes == len({case.diagnosis for case in cases})


def test_every_set_has_every_part_of_the_record(evaluation, validation):
    assert [(each.data, sum(part.n for part in each.bins)) for each in evaluation.reliability] == [
        (name, len(cases)) for name, cases in validation.items()
    ]
    for name, cases in validation.items():
        kinds = [each for each in evaluation.urgencies if each.data == name]
        assert sum(next(iter(each.shares.values())).n for each in kinds) == len(cases)
        assert all(sum(share.value for share in each.shares.values()) == pytest.approx(1) for each in kinds)
    scores = {name: {each.score for each in evaluation.doubts if each.data == name} for name in validation}
    looks = {f"{kind}, {what}" for kind in ("test-time augmentation", "ensemble") for what in ("entropy", "mutual information")}
    assert all(found == set(SCORES) | looks for found in scores.values())
    whole = {(each.data, each.level): each.coverage.n for each in evaluation.sets if each.group_by == "all"}
    assert whole == {(name, level): len(cases) for name, cases in validation.items() for level in (0.9, 0.95)}
    subgroups = {(each.data, each.group_by): 0 for each in evaluation.subgroups}
    for each in evaluation.subgroups:
        subgroups[each.data, each.group_by] += each.n
    assert subgroups[MILK, "skin tone"] == len(validation[MILK])
    assert subgroups[PAD, "Fitzpatrick type"] == subgroups[PAD, "confirmed by"] == len(validation[PAD])
    assert subgroups[HAM, "confirmed by"] == len(validation[HAM])
    assert (MILK, "confirmed by") not in subgroups


def test_operating_points_are_those_of_the_model(evaluation, validation, predictions, judging):
    thresholds = judging.manifest.thresholds
    points = {(each.data, each.target): each for each in evaluation.operating_points}
    urgent = "a malignancy other than basal cell carcinoma"
    assert set(points) == {(name, target) for name in validation for target in ("a malignancy", "a melanoma", urgent)}
    for name, cases in validation.items():
        point = points[name, "a malignancy"]
        found = [each.malignancy.value >= thresholds.malignancy for each in predictions[name]]
        malignant = [case.diagnosis in MALIGNANT for case in cases]
        assert point.threshold == thresholds.malignancy
        assert point.sensitivity.n == sum(malignant)
        assert point.sensitivity.value == pytest.approx(np.mean(np.array(found)[malignant]))
        assert points[name, urgent].threshold == thresholds.referral
        assert points[name, urgent].sensitivity.n == sum(malignant) - sum(case.diagnosis is Diagnosis.BCC for case in cases)
        assert points[name, "a melanoma"].threshold == thresholds.melanoma
        assert points[name, "a melanoma"].sensitivity.n == sum(case.diagnosis is Diagnosis.MEL for case in cases)


def test_outlines_are_measured_against_the_published_masks(evaluation, validation, judging):
    # twice the overlap over the sum is what scikit-learn calls F1
    dice = []
    for case in validation[HAM]:
        photo = read_photo(case.photos[0].read(), ImageType.DERMOSCOPIC)
        (seen,) = collect([photo], case.context, judging, samples=2, seed=0).photos
        mask = read_mask(case.photos[0])
        dice.append(f1_score(mask.ravel(), full_size(seen.outline, *mask.shape).ravel()))
    assert evaluation.mask_dice.n == len(dice)
    assert evaluation.mask_dice.value == pytest.approx(np.mean(dice))
    assert evaluation.mask_dice.value > 0


def test_other_photos_are_told_from_lesions_by_their_novelty(evaluation, predictions, judging):
    photos = [read_photo(encoded(noise(seed)), ImageType.CLINICAL) for seed in range(3)]
    new = [predict(collect([photo], ClinicalContext(), judging, samples=2, seed=0), judging).novelty.score for photo in photos]
    known = {name: [each.novelty.score for each in found] for name, found in predictions.items()}
    every = [score for scores in known.values() for score in scores]
    limit = judging.manifest.thresholds.novelty
    found = evaluation.not_lesions
    assert found.described == f"3 photos of other things against {len(every)} validation cases"
    assert found.auroc.value == pytest.approx(roc_auc_score([True] * 3 + [False] * len(every), new + every))
    assert found.flagged_others.value == pytest.approx(np.mean(np.array(new) > limit))
    flagged = {name: float(np.mean(np.array(scores) > limit)) for name, scores in known.items()}
    assert {name: each.value for name, each in found.flagged_lesions.items()} == pytest.approx(flagged, abs=1e-9)
    assert 0.4 < np.mean(np.array(every) > limit) < 0.6


def test_figures_stand_in_the_card(evaluation, judging):
    card = model_card(judging.manifest, evaluation)
    assert DISCLAIMER in card
    assert f"{evaluation.rows[0].figures['macro AUC'].value:.3f}" in card
    assert judging.manifest.weights_sha256 in card


def test_without_others_and_masks_those_parts_are_left_out(tmp_path, model):
    published.pad_ufes_20(tmp_path, 2)
    evaluation = evaluate(tmp_path, model, FEW, resamples=2)
    assert {row.data for row in evaluation.rows} == {PAD}
    assert evaluation.mask_dice is None
    assert evaluation.not_lesions is None
    # none of the two is a melanoma: what is not defined can be written and read back
    assert np.isnan(evaluation.rows[0].figures["melanoma AUC"].value)
    written = evaluation.model_dump_json()
    assert Evaluation.model_validate_json(written).model_dump_json() == written
    json.loads(written, parse_constant=pytest.fail)


def test_a_folder_without_photos_is_refused_before_anything_is_judged(data, model, tmp_path):
    (tmp_path / "readme.txt").write_text("no photo")
    broken = replace(model, network=None)
    with pytest.raises(DataError, match="other photos"):
        evaluate(data, broken, FEW, others=tmp_path)


def test_written_cases_are_read_back_as_the_same_cases(tmp_path, data):
    validation = {case.case_id: case for case in split(load_all(data))[Part.VALIDATION]}
    assert write_cases(data, tmp_path / "out") == len(validation)
    read = [case for table in (tmp_path / "out").glob("*.csv") for case in read_cases(table)]
    assert {case.case_id for case in read} == set(validation)
    for case in read:
        expected = validation[case.case_id]
        assert case.context() == expected.context
        assert [photo.image_type for photo in case.photos(tmp_path / "out" / "photos")] == [
            photo.image_type for photo in expected.photos
        ]


def test_no_label_is_written(tmp_path, data):
    write_cases(data, tmp_path / "out")
    with (tmp_path / "out" / "MILK10k.csv").open() as lines:
        assert not {"dx", "diagnosis", "label"} & set(next(csv.reader(lines)))
