from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.special import softmax
from scipy.stats import entropy
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from derm_xai.classify.conformal import threshold
from derm_xai.classify.doubt import SCORES
from derm_xai.classify.novelty import distance
from derm_xai.notes.levels import FIELDS
from derm_xai.records import Lesion
from derm_xai.train.calibrate import (
    FAMILIAR_SHARE,
    _abstention,
    _class_mix,
    _familiar,
    _operating_point,
    _Situation,
    best_temperature,
    calibrate,
)
from derm_xai.train.corpus import Corpus
from derm_xai.train.evidence import Terms
from derm_xai.vocabulary import DIAGNOSES, MALIGNANT, URGENT_MALIGNANT, Diagnosis, VisualConcept, places

MEL, NV = DIAGNOSES.index("MEL"), DIAGNOSES.index("NV")
BOTH = "clinical+dermoscopic"


def test_the_temperature_that_made_scores_too_sharp_is_found():
    generator = torch.Generator().manual_seed(0)
    true = torch.randn(20_000, 11, generator=generator) * 1.5
    label = torch.multinomial(true.softmax(1), 1, generator=generator)[:, 0]
    assert best_temperature(true * 2.5, label) == pytest.approx(2.5, rel=0.05)


def test_for_two_classes_the_temperature_is_that_of_a_logistic_regression():
    generator = torch.Generator().manual_seed(1)
    gap = torch.randn(400, generator=generator) * 3
    label = (torch.rand(400, generator=generator) < torch.sigmoid(gap / 1.7)).long()
    slope = LogisticRegression(C=np.inf, fit_intercept=False).fit(gap.numpy()[:, None], label.numpy()).coef_[0, 0]
    scores = torch.stack([torch.zeros(400), gap], 1)
    assert best_temperature(scores, label) == pytest.approx(1 / slope, rel=0.01)


def test_without_a_case_the_temperature_is_one():
    assert best_temperature(torch.zeros(0, 11), torch.zeros(0, dtype=torch.long)) == 1


def situation(name: str, label: np.ndarray, scores: torch.Tensor, samples: torch.Tensor | None = None) -> _Situation:
    return _Situation(name, torch.from_numpy(label), scores, scores[:, None] if samples is None else samples)


def test_the_operating_point_finds_the_wanted_share_with_each_set_of_photos():
    label = np.where(np.arange(200) < 100, MEL, 0)
    strong, weak = np.zeros((200, 11)), np.zeros((200, 11))
    strong[:100, MEL] = np.arange(100) / 100
    weak[:100, MEL] = np.arange(100) / 200
    situations = [situation(name, label, torch.zeros(200, 11)) for name in ("strong", "weak", "none of them")]
    situations[2] = situation("none of them", np.zeros(200, int), torch.zeros(200, 11))
    seen = {"strong": strong, "weak": weak, "none of them": np.zeros((200, 11))}
    limit = _operating_point(situations, seen, URGENT_MALIGNANT)
    assert (strong[:100, MEL] >= limit).mean() >= 0.95
    # the weaker set of photos decides: of its hundred melanomas the 95 highest are found, or one more
    assert 0.95 <= (weak[:100, MEL] >= limit).mean() <= 0.96


def test_the_operating_point_is_on_the_sum_of_the_malignancies():
    label = np.repeat([MEL, DIAGNOSES.index("BCC"), NV], 40)
    probabilities = np.random.default_rng(0).dirichlet(np.ones(11), 120)
    limit = _operating_point([situation("x", label, torch.zeros(120, 11))], {"x": probabilities}, MALIGNANT)
    summed = probabilities[:80, [DIAGNOSES.index(each) for each in ("BCC", "MAL_OTH", "MEL", "SCCKA")]].sum(1)
    assert (summed >= limit).mean() >= 0.95
    assert (summed > limit).mean() < 0.96


@pytest.mark.parametrize("name", SCORES)
def test_the_score_that_tells_wrong_answers_best_decides_on_abstaining(name):
    # every score is as good as a coin but one, which is larger for every wrong answer
    generator = np.random.default_rng(2)
    label = generator.integers(11, size=300)
    scores = torch.from_numpy(generator.normal(size=(300, 11)))
    samples = torch.from_numpy(generator.normal(size=(300, 6, 11)))
    each = situation("x", label, scores, samples)
    wrong = scores.argmax(1).numpy() != label
    joint, drawn = softmax(scores.numpy(), 1), softmax(samples.numpy(), 2)
    values = SCORES[name](joint, drawn)
    # cases are given the photos' scores in the order of their doubt, so that the wrong ones come last
    order = np.argsort(values, kind="stable")
    right_first = np.argsort(wrong, kind="stable")
    sorted_label = np.empty(300, int)
    sorted_label[order] = np.where(wrong[right_first], (joint[order].argmax(1) + 1) % 11, joint[order].argmax(1))
    chosen = _abstention([each._replace(label=torch.from_numpy(sorted_label))], {"x": 1.0})
    areas = {other: roc_auc_score(joint.argmax(1) != sorted_label, score(joint, drawn)) for other, score in SCORES.items()}
    assert areas[name] == 1
    assert areas[chosen.score] == 1
    assert (SCORES[chosen.score](joint, drawn) > chosen.limit).mean() == pytest.approx(0.1, abs=0.005)


def test_the_score_is_chosen_by_its_mean_over_the_sets_of_photos():
    generator = np.random.default_rng(3)
    situations = [
        situation(
            name,
            generator.integers(11, size=cases),
            torch.from_numpy(generator.normal(size=(cases, 11)) * 2),
            torch.from_numpy(generator.normal(size=(cases, 5, 11))),
        )
        for name, cases in (("a", 50), ("b", 400))
    ]
    chosen = _abstention(situations, {"a": 1.5, "b": 0.5})
    areas, values = {name: [] for name in SCORES}, {name: [] for name in SCORES}
    for each, temperature in zip(situations, (1.5, 0.5), strict=True):
        joint = softmax(each.scores.numpy() / temperature, 1)
        drawn = softmax(each.samples.numpy() / temperature, 2)
        for name, score in SCORES.items():
            values[name].extend(score(joint, drawn))
            areas[name].append(roc_auc_score(joint.argmax(1) != each.label.numpy(), score(joint, drawn)))
    assert chosen.score == max(areas, key=lambda name: np.mean(areas[name]))
    assert chosen.limit == pytest.approx(np.quantile(values[chosen.score], 0.9))


def made_up(cases: int, seed: int) -> tuple[Corpus, Terms]:
    """A close-up and a dermoscopic photo of each case, whose evidence favours the right class."""
    generator = torch.Generator().manual_seed(seed)
    label = torch.arange(cases) % 11
    owner = torch.arange(cases).repeat_interleave(2)
    corpus = Corpus(
        photos=(),
        masks=(),
        concepts=torch.zeros(0, len(VisualConcept)),
        owner=owner,
        image_type=torch.arange(2 * cases) % 2,
        label=label,
        source=torch.zeros(cases, dtype=torch.long),
        levels=torch.zeros(cases, len(FIELDS), dtype=torch.long),
    )
    views = torch.randn(2 * cases, 11, generator=generator)
    views[torch.arange(2 * cases), label[owner]] += 2
    samples = views[:, None] + torch.randn(2 * cases, 4, 11, generator=generator) * 0.5
    shares = torch.rand(2 * cases, 2, generator=generator).tolist()
    return corpus, Terms(
        views=samples.mean(1),
        samples=samples,
        notes=torch.randn(cases, 11, generator=generator) * 0.2,
        description=torch.randn(2 * cases, 80, generator=generator) + 3 * torch.eye(11, 80)[label[owner]],
        concepts=torch.rand(2 * cases, len(VisualConcept), generator=generator),
        lesions=tuple(Lesion(mask=(), share=share, edge_share=edge) for share, edge in shares),
        owner=owner,
    )


@pytest.fixture(scope="module")
def fitted():
    train_corpus, train_terms = made_up(440, 1)
    corpus, terms = made_up(660, 0)
    calibration = calibrate(train_terms, train_corpus, corpus, terms)
    scores = {
        "clinical": terms.views[::2] + terms.notes,
        "dermoscopic": terms.views[1::2] + terms.notes,
        BOTH: terms.views[::2] + terms.views[1::2] + terms.notes,
    }
    shown = {name: softmax(each.double().numpy() / calibration.temperature[name], axis=1) for name, each in scores.items()}
    return calibration, corpus, terms, shown


def test_there_is_a_temperature_for_each_set_of_photos_and_the_notes(fitted):
    calibration, corpus, terms, _ = fitted
    assert set(calibration.temperature) == {"clinical", "dermoscopic", BOTH, "notes"}
    assert calibration.temperature["notes"] == best_temperature(terms.notes, corpus.label)
    assert calibration.temperature["clinical"] == best_temperature(terms.views[::2] + terms.notes, corpus.label)


def test_each_set_of_photos_has_prediction_sets_that_cover_each_diagnosis(fitted):
    calibration, corpus, _, shown = fitted
    sets = calibration.thresholds.prediction_sets
    assert set(sets) == {"clinical", "dermoscopic", BOTH}
    for name, levels in sets.items():
        assert list(calibration.thresholds.class_mix[name].values()) == pytest.approx([1 / 11] * 11)
        assert list(levels) == ["0.90", "0.95"]
        for level, limits in levels.items():
            for index, diagnosis in enumerate(DIAGNOSES):
                # sixty cases each: how many times its share of an eleventh; for what is not to be missed a margin of 60 / 160
                own = 11 * shown[name][corpus.label.numpy() == index, index]
                margin = 60 / 160 if diagnosis in MALIGNANT | {Diagnosis.AKIEC} else 1.0
                assert limits[diagnosis] == pytest.approx(margin * threshold(own, float(level)))
                assert (own >= limits[diagnosis] - 1e-9).mean() >= float(level)
        assert all(levels["0.95"][each] <= levels["0.90"][each] for each in DIAGNOSES)


def test_a_diagnosis_with_hardly_any_case_counts_as_three():
    # a hundred cases of the first class, one of the second, none of the other nine: 100 and ten times 3
    label = torch.tensor([0] * 100 + [1])
    assert _class_mix(label).tolist() == pytest.approx([100 / 130] + [3 / 130] * 10)


def test_operating_points_find_their_share_with_every_set_of_photos(fitted):
    calibration, corpus, _, shown = fitted
    limits = calibration.thresholds
    melanoma = frozenset({Diagnosis.MEL})
    for limit, diagnoses in ((limits.malignancy, MALIGNANT), (limits.melanoma, melanoma), (limits.referral, URGENT_MALIGNANT)):
        own = np.isin(corpus.label.numpy(), places(diagnoses))
        found = [(each[own][:, places(diagnoses)].sum(1) >= limit - 1e-12).mean() for each in shown.values()]
        assert min(found) >= 0.95
        assert min(found) < 0.98


def test_a_tenth_of_the_cases_is_abstained_from(fitted):
    calibration, _, terms, shown = fitted
    abstention = calibration.thresholds.abstention
    samples = {
        "clinical": terms.samples[::2],
        "dermoscopic": terms.samples[1::2],
        BOTH: terms.samples[::2] + terms.samples[1::2],
    }
    drawn = {
        name: softmax((each + terms.notes[:, None]).double().numpy() / calibration.temperature[name], axis=2)
        for name, each in samples.items()
    }
    values = np.concatenate([SCORES[abstention.score](shown[name], drawn[name]) for name in shown])
    assert (values > abstention.limit).mean() == pytest.approx(0.1, abs=0.002)
    # one of the scores once by scipy, to be sure that the samples are read the right way round
    expected = entropy(drawn[BOTH][7].mean(0))
    assert SCORES["predictive entropy"](shown[BOTH][7], drawn[BOTH][7]) == pytest.approx(expected)


def test_the_novelty_limit_keeps_nearly_all_held_photos(fitted):
    calibration, _, terms, _ = fitted
    distances = distance(calibration.space, terms.description)
    assert float((distances > calibration.thresholds.novelty).float().mean()) == pytest.approx(1 - FAMILIAR_SHARE, abs=0.002)
    strange = 10 * terms.description
    assert distance(calibration.space, strange).mean() > calibration.thresholds.novelty


def test_a_set_of_few_photos_decides_the_novelty_limit_where_it_lies_farthest():
    # 1,000 photos at 0 to 1 and 50 at 2 to 3: 98 in 100 of the latter lie below 2.98, though they are 1 in 21 of all
    distances = torch.cat([torch.linspace(0, 1, 1000), torch.linspace(2, 3, 51)])
    source = torch.tensor([0] * 1000 + [2] * 51)
    assert _familiar(distances, source) == pytest.approx(2.98)


def test_quality_limits_are_kept_by_all_but_a_few_photos(fitted):
    calibration, _, terms, _ = fitted
    limits = calibration.thresholds.quality
    count = len(terms.lesions)
    assert sum(each.share < limits.lesion_share for each in terms.lesions) == round(0.005 * count)
    assert sum(each.edge_share > limits.edge_share for each in terms.lesions) == round(0.005 * count)
    assert set(limits.concepts) == {VisualConcept.HAIR, VisualConcept.GEL, VisualConcept.INK}
    for concept, limit in limits.concepts.items():
        column = terms.concepts[:, list(VisualConcept).index(concept)]
        assert int((column > limit).sum()) == round(0.005 * count)


def test_where_no_case_has_both_photos_the_rest_is_still_fitted():
    corpus, terms = made_up(220, 4)
    alone = replace(corpus, owner=corpus.owner[::2], image_type=torch.zeros(220, dtype=torch.long))
    photos = {name: getattr(terms, name)[::2] for name in ("views", "samples", "description", "concepts", "lesions", "owner")}
    calibration = calibrate(replace(terms, **photos), alone, alone, replace(terms, **photos))
    assert calibration.temperature["dermoscopic"] == calibration.temperature[BOTH] == 1
    assert calibration.temperature["clinical"] != 1
    assert set(calibration.thresholds.prediction_sets[BOTH]["0.95"].values()) == {0.0}
    assert min(calibration.thresholds.prediction_sets["clinical"]["0.95"].values()) > 0
