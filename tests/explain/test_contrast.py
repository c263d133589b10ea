from dataclasses import replace

import numpy as np
import pytest
import torch

from derm_xai.classify.predict import collect, predict
from derm_xai.explain.contrast import _tipping, contrast, contrasts
from derm_xai.records import ClinicalContext, ContrastTerm
from derm_xai.vocabulary import DIAGNOSES, Diagnosis

CONTEXT = ClinicalContext(age=54, grew=True, itch=False, anatom_site="trunk")
MEL, NV = DIAGNOSES.index(Diagnosis.MEL), DIAGNOSES.index(Diagnosis.NV)


@pytest.fixture
def evidence(model, clinical, dermoscopic):
    return collect([clinical, dermoscopic], CONTEXT, model, samples=7, seed=5)


def test_every_contrast_adds_up(evidence):
    for this in DIAGNOSES:
        for that in DIAGNOSES:
            account = contrast(evidence, CONTEXT, this, that)
            assert sum(term.mean for term in account.terms) == pytest.approx(account.score, abs=2e-5)


def test_the_score_is_the_log_of_the_ratio_of_the_chances(evidence, model):
    account = contrast(evidence, CONTEXT, Diagnosis.MEL, Diagnosis.NV)
    shown = [each.probability.value for each in predict(evidence, model).differentials]
    assert account.score == pytest.approx(np.log(shown[MEL] / shown[NV]), abs=1e-5)


def test_the_spread_is_that_of_the_difference_in_each_sample(evidence):
    account = contrast(evidence, CONTEXT, Diagnosis.MEL, Diagnosis.NV)
    lines = [term for term in account.terms if term.source == "photo"]
    for term, photo in zip(lines, evidence.photos, strict=True):
        totals = photo.cells.double().sum((2, 3)).numpy()
        assert term.spread == pytest.approx(np.std(totals[:, MEL] - totals[:, NV], ddof=1))


def test_terms_that_move_together_do_not_differ(evidence):
    """Two samples, MEL 1 and 3, NV 0 and 2, in one cell: each varies, their difference is 1 in both."""
    cells = torch.zeros(2, 11, 1, 1)
    cells[:, MEL, 0, 0], cells[:, NV, 0, 0] = torch.tensor([1.0, 3.0]), torch.tensor([0.0, 2.0])
    photo = replace(evidence.photos[0], cells=cells)
    account = contrast(replace(evidence, photos=(photo,)), CONTEXT, Diagnosis.MEL, Diagnosis.NV)
    (line,) = [term for term in account.terms if term.source == "photo"]
    assert (line.mean, line.spread) == (1.0, 0.0)
    assert (account.photos[0].mean, account.photos[0].spread) == (((1.0,),), ((0.0,),))


def test_the_maps_add_up_to_their_lines_and_so_do_their_regions(evidence):
    account = contrast(evidence, CONTEXT, Diagnosis.BCC, Diagnosis.DF)
    lines = [term for term in account.terms if term.source == "photo"]
    for term, shown in zip(lines, account.photos, strict=True):
        assert np.sum(shown.mean) == pytest.approx(term.mean, abs=1e-9)
        assert sum(shown.regions.model_dump().values()) == pytest.approx(term.mean, abs=1e-9)


def test_turned_round_it_is_the_other_sign(evidence):
    one = contrast(evidence, CONTEXT, Diagnosis.MEL, Diagnosis.NV)
    other = contrast(evidence, CONTEXT, Diagnosis.NV, Diagnosis.MEL)
    assert [term.mean for term in one.terms] == [-term.mean for term in other.terms]
    assert one.tipping == other.tipping


def test_the_fields_that_tip_it_are_the_three_strongest_either_way_by_hand():
    means = {"age": 0.2, "bleed": -0.9, "crust": 0.05, "firm": -0.049, "grew": 0.5, "itch": 0.1}
    lines = {name: ContrastTerm(source="notes", name=name, level="", mean=mean, spread=0) for name, mean in means.items()}
    assert _tipping(list(lines.values())) == ("bleed", "grew", "age")
    assert _tipping([lines["crust"], lines["firm"]]) == ("crust",)


def test_the_fields_that_tip_it_were_recorded(evidence):
    account = contrast(evidence, CONTEXT, Diagnosis.MEL, Diagnosis.NV)
    assert account.tipping
    assert set(account.tipping) <= {"age", "grew", "itch", "anatom_site"}


def test_the_leader_is_held_against_each_of_the_others(evidence):
    made = contrasts(evidence, CONTEXT, [Diagnosis.NV, Diagnosis.MEL, Diagnosis.BCC])
    assert [(each.this, each.that) for each in made] == [(Diagnosis.NV, Diagnosis.MEL), (Diagnosis.NV, Diagnosis.BCC)]
