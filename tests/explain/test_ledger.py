import numpy as np
import pytest
from scipy.special import softmax

from derm_xai.classify.predict import collect, predict
from derm_xai.explain.ledger import ledger
from derm_xai.records import ClinicalContext

CONTEXT = ClinicalContext(age=54, grew=True, itch=False, anatom_site="trunk")


@pytest.fixture
def evidence(model, clinical, dermoscopic):
    return collect([clinical, dermoscopic], CONTEXT, model, samples=7, seed=5)


def test_terms_add_up_to_the_score(evidence):
    account = ledger(evidence, CONTEXT)
    assert np.sum([term.mean for term in account.terms], axis=0) == pytest.approx(account.score, abs=1e-5)


def test_the_score_is_what_the_probabilities_come_from(evidence, model):
    account = ledger(evidence, CONTEXT)
    shown = [each.probability.value for each in predict(evidence, model).differentials]
    assert softmax(account.score) == pytest.approx(shown, abs=1e-6)


def test_cells_add_up_to_their_photos_term(evidence):
    account = ledger(evidence, CONTEXT)
    photos = [term for term in account.terms if term.source == "photo"]
    for term, evidence_map in zip(photos, account.photos, strict=True):
        assert term.name == evidence_map.image_type
        assert np.sum(evidence_map.mean, axis=(1, 2)) == pytest.approx(term.mean, abs=1e-9)


def test_spread_is_the_standard_deviation_over_samples(evidence):
    account = ledger(evidence, CONTEXT)
    assert account.spread == pytest.approx(evidence.scores().double().numpy().std(0, ddof=1).tolist())
    assert all(term.spread == (0.0,) * 11 for term in account.terms if term.source != "photo")
    for photo, shown in zip(evidence.photos, account.photos, strict=True):
        assert np.array(shown.spread) == pytest.approx(photo.cells.numpy().std(0, ddof=1), abs=1e-6)


def test_every_field_has_a_line_and_a_missing_one_is_zero(evidence):
    lines = {term.name: term for term in ledger(evidence, CONTEXT).terms if term.source == "notes"}
    assert lines["itch"].level == "no"
    assert lines["bleed"].level == "not recorded"
    assert lines["bleed"].mean == (0.0,) * 11
    assert any(lines["itch"].mean)
