import csv
from collections import Counter
from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import softmax

from derm_xai.errors import ContextError
from derm_xai.explain.prevalence import LEAST_SHARE, MIXES, at_prevalence, malignancy_share, prior_log_odds
from derm_xai.records import Ledger, Term
from derm_xai.vocabulary import DIAGNOSES, MALIGNANT, Diagnosis
from tests.conftest import PHOTO_SETS

in_its_own_time = settings(deadline=None)
EQUAL = dict.fromkeys(DIAGNOSES, 1.0)
log_odds = st.lists(st.floats(-6, 6), min_size=11, max_size=11)
mixes = st.lists(st.floats(0.01, 100), min_size=11, max_size=11).map(lambda shares: dict(zip(DIAGNOSES, shares, strict=True)))
diagnoses = st.sampled_from(DIAGNOSES)


def line(source: str, mean) -> Term:
    return Term(source=source, name=source, level="", mean=tuple(mean), spread=(0.0,) * 11)


def made_of(prior, evidence) -> Ledger:
    score = tuple(one + other for one, other in zip(prior, evidence, strict=True))
    terms = (line("prior", prior), line("photo", evidence))
    return Ledger(terms=terms, photos=(), score=score, spread=(0.0,) * 11)


def only(**chances: float) -> dict[Diagnosis, float]:
    return {diagnosis: chances.get(diagnosis.value, 0.0) for diagnosis in DIAGNOSES}


def test_by_hand():
    """Evidence doubles the odds of melanoma against a naevus. One melanoma to 9 naevi: 2 to 9, so 2 in 11."""
    evidence = [log(2) if diagnosis is Diagnosis.MEL else 0.0 for diagnosis in DIAGNOSES]
    chances = dict(zip(DIAGNOSES, at_prevalence(made_of([0.0] * 11, evidence), only(MEL=1, NV=9)), strict=True))
    assert chances[Diagnosis.MEL] == pytest.approx(2 / 11, abs=1e-5)
    assert chances[Diagnosis.NV] == pytest.approx(9 / 11, abs=1e-5)


def test_the_ledgers_own_prior_is_taken_out_first():
    prior = [3.0 if diagnosis is Diagnosis.BCC else -1.0 for diagnosis in DIAGNOSES]
    assert at_prevalence(made_of(prior, [0.0] * 11), EQUAL) == pytest.approx([1 / 11] * 11)


@in_its_own_time
@given(log_odds, log_odds)
def test_at_the_models_own_prior_nothing_changes(prior, evidence):
    account = made_of(prior, evidence)
    own = dict(zip(DIAGNOSES, softmax(prior).tolist(), strict=True))
    assert at_prevalence(account, own) == pytest.approx(softmax(account.score).tolist(), abs=1e-9)


@in_its_own_time
@given(log_odds, mixes, mixes)
def test_there_and_back_is_where_it_was(evidence, here, there):
    moved = made_of(prior_log_odds(there), evidence)
    direct = at_prevalence(made_of(prior_log_odds(here), evidence), here)
    assert at_prevalence(moved, here) == pytest.approx(direct, abs=1e-9)


@in_its_own_time
@given(log_odds, mixes)
def test_probabilities_sum_to_one(evidence, mix):
    chances = at_prevalence(made_of([0.0] * 11, evidence), mix)
    assert sum(chances) == pytest.approx(1)
    assert min(chances) >= 0


@in_its_own_time
@given(log_odds, mixes, diagnoses, st.floats(1, 50))
def test_more_of_a_diagnosis_never_lowers_its_probability(evidence, mix, diagnosis, times):
    account, index = made_of([0.0] * 11, evidence), DIAGNOSES.index(diagnosis)
    more = {**mix, diagnosis: mix[diagnosis] * times}
    assert at_prevalence(account, more)[index] >= at_prevalence(account, mix)[index] - 1e-12


@in_its_own_time
@given(mixes, st.floats(0.001, 1000))
def test_counts_and_shares_say_the_same(mix, scale):
    scaled = {diagnosis: share * scale for diagnosis, share in mix.items()}
    assert prior_log_odds(scaled) == pytest.approx(prior_log_odds(mix))


def test_a_diagnosis_that_does_not_occur_can_still_be_seen():
    assert min(prior_log_odds(only(MEL=1, NV=9))) == pytest.approx(log(LEAST_SHARE))
    strong = [40.0 if diagnosis is Diagnosis.SCCKA else 0.0 for diagnosis in DIAGNOSES]
    assert at_prevalence(made_of([0.0] * 11, strong), only(MEL=1, NV=9))[DIAGNOSES.index(Diagnosis.SCCKA)] > 0.99


@pytest.mark.parametrize(
    "wrong",
    [
        {Diagnosis.MEL: 1.0},
        {**EQUAL, Diagnosis.MEL: -0.1},
        dict.fromkeys(DIAGNOSES, 0.0),
        {**EQUAL, Diagnosis.MEL: float("nan")},
        {**EQUAL, Diagnosis.MEL: float("inf")},
    ],
)
def test_what_is_no_prevalence_is_refused(wrong):
    with pytest.raises(ContextError):
        prior_log_odds(wrong)


@in_its_own_time
@given(mixes, st.sampled_from([0.01, 0.06, 0.2]))
def test_malignancies_get_their_share_and_each_side_keeps_its_mix(mix, share):
    moved = malignancy_share(share, mix)
    assert sum(moved[diagnosis] for diagnosis in MALIGNANT) == pytest.approx(share)
    assert sum(moved.values()) == pytest.approx(1)
    assert moved[Diagnosis.MEL] / moved[Diagnosis.BCC] == pytest.approx(mix[Diagnosis.MEL] / mix[Diagnosis.BCC])
    assert moved[Diagnosis.NV] / moved[Diagnosis.BKL] == pytest.approx(mix[Diagnosis.NV] / mix[Diagnosis.BKL])


@pytest.mark.parametrize(("share", "among"), [(0.0, EQUAL), (1.0, EQUAL), (0.2, only(NV=1)), (0.2, only(MEL=1))])
def test_a_share_that_cannot_be_had_is_refused(share, among):
    with pytest.raises(ContextError):
        malignancy_share(share, among)


def test_every_named_population_can_be_used_and_says_its_source():
    for population in MIXES.values():
        assert len(prior_log_odds(population.counts)) == 11
        assert population.source


@pytest.mark.data
@pytest.mark.skipif(not (PHOTO_SETS / "milk10k.csv").is_file(), reason="the public photo sets are not on this machine")
@pytest.mark.parametrize(("table", "start"), [("milk10k.csv", "MILK10k"), ("ham10000.csv", "HAM10000")])
def test_the_counts_are_those_of_the_public_sets(table, start):
    with (PHOTO_SETS / table).open(encoding="utf-8-sig", newline="") as lines:
        lesions = {row["lesion_id"]: row["dx"].upper() for row in csv.DictReader(lines)}
    counted = Counter(lesions.values())
    population = next(population for name, population in MIXES.items() if name.startswith(start))
    assert population.counts == {diagnosis: counted[diagnosis.value] for diagnosis in DIAGNOSES}
    assert population.source.startswith(f"{len(lesions):,} of the ")
