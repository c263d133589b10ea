import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derm_xai.errors import ContextError
from derm_xai.notes.reader import LIMIT, lexicon, read_notes
from derm_xai.notes.reader.text import NoteText
from tests.notes.lexicon_words import phrases

HISTORIES = ("melanoma_history", "skin_cancer_history")
CASES = {
    # answers, signs and lists
    "Bleeding: no. Itching: yes.": {"bleeding": "absent", "itch": "present"},
    "0 bleeding, itching ++": {"bleeding": "absent", "itch": "present"},
    "-itch, +bleeding": {"itch": "absent", "bleeding": "present"},
    "Itch N, bleeding Y.": {"itch": "absent", "bleeding": "present"},
    "Itch / pain / numbness: no": {"itch": "absent", "pain": "absent", "altered_sensation": "absent"},
    "Itch, pain and bleeding: none.": {"itch": "absent", "pain": "absent", "bleeding": "absent"},
    "Itching? No.": {"itch": "absent"},
    "Itching: not asked.": {},
    "Denies itching, bleeding or pain.": {"itch": "absent", "bleeding": "absent", "pain": "absent"},
    "Douleur, prurit : non.": {"pain": "absent", "itch": "absent"},
    # scope
    "No itch, sore, or tender.": {"itch": "absent", "pain": "absent"},
    "Non-tender, itchy.": {"pain": "absent", "itch": "present"},
    "It is not, she insists, painful.": {"sex": "female", "pain": "absent"},
    "Not yet ulcerated.": {"ulceration": "absent"},
    "It doesnt hurt.": {"pain": "absent"},
    "Never free of itching.": {"itch": "present"},
    "No bleeding unless knocked.": {"bleeding": "present"},
    "Was sore at first, none now.": {"pain": "absent"},
    "Pas de saignement, prurit +.": {"bleeding": "absent", "itch": "present"},
    "Ni prurit ni douleur.": {"itch": "absent", "pain": "absent"},
    "Ne démange pas.": {"itch": "absent"},
    # there at one time and not at another
    "Itched in May. No itching today.": {"itch": "present"},
    "No itching today. It itched in May.": {"itch": "present"},
    "Prurit en mai. Pas de prurit ce jour.": {"itch": "present"},
    # hedges and conditions
    "?bleeding": {"bleeding": "uncertain"},
    "Maybe itchy, but bleeds.": {"itch": "uncertain", "bleeding": "present"},
    "Aurait saigné.": {"bleeding": "uncertain"},
    "Return if it bleeds.": {},
    # change
    "No change in shape or size, but darker.": {
        "change_in_shape": "absent", "change_in_size": "absent", "change_in_colour": "present",
    },
    "Shape: changed. Colour: same.": {"change_in_shape": "present", "change_in_colour": "absent"},
    "Unchanged.": {"change_in_size": "absent", "change_in_shape": "absent", "change_in_colour": "absent"},
    "Measured 4 mm last year, 6 mm now.": {"diameter_mm": 6, "change_in_size": "present"},
    "Irregular.": {},
    "Doubled in a month.": {"change_in_size": "present", "rapid_growth": "present"},
    "It has grown very slowly.": {"change_in_size": "present", "rapid_growth": "absent"},
    "Croissance lente.": {"change_in_size": "present", "rapid_growth": "absent"},
    # whose
    "Mère : mélanome.": {"melanoma_history": "family"},
    "Two brothers had BCCs.": {"skin_cancer_history": "family"},
    "No family history of melanoma.": {},
    "No personal or family history of melanoma.": {"melanoma_history": "absent"},
    "Wife had BCC removed 2012.": {},
    "Likely BCC.": {},
    "Previous BCC excised 2015.": {"skin_cancer_history": "present"},
    "No recurrence of the BCC excised in 2016.": {"skin_cancer_history": "present"},
    "Pas de récidive du carcinome opéré en 2016.": {"skin_cancer_history": "present"},
    "We excluded a BCC in 2018.": {},
    "On avait éliminé un carcinome en 2019.": {},
    "Prise pour un CBC en 2018, histologie bénigne.": {},
    "ATCD de K cutané : 0.": {"skin_cancer_history": "absent"},
    "Fam : CSC père.": {"skin_cancer_history": "family"},
    "The scar is painful.": {},
    "Sa mère a des démangeaisons.": {},
    # rashes
    "Rash, no mouth ulcers.": {"mucosal_lesions": "absent"},
    "Rash, lamotrigine started 3 weeks ago.": {"new_drug": "present"},
    "Lamotrigine started 3 weeks ago.": {},
    "The rash blanches.": {"non_blanching": "absent"},
    "Éruption : ne s'efface pas à la vitropression.": {"non_blanching": "present"},
    "Éruption sous amoxicilline depuis 8 jours.": {"new_drug": "present"},
    "Calf swollen, red and hot.": {"anatom_site": "lower_extremity", "inflammation": "present"},
    # values
    "0.8 cm": {"diameter_mm": 8},
    "6/52": {"duration_days": 42},
    "Depuis hier, ça gratte.": {"duration_days": 1, "itch": "present"},
    "Homme de soixante-douze ans.": {"age": 72, "sex": "male"},
    "62F": {"age": 62, "sex": "female"},
    "Infant of 9 months.": {"age": 0},
    "Mum aged 60 had melanoma.": {"melanoma_history": "family"},
    "Nævus du bras gauche, cicatrice du dos.": {"anatom_site": "upper_extremity", "side": "left"},
    "Itching of the right arm and left leg.": {"itch": "present"},
    "67 yo gentleman, crusty lesion L temple 4/12": {
        "age": 67, "sex": "male", "anatom_site": "head_neck_face", "side": "left", "duration_days": 120, "crust": "present",
    },
    "Spot in the left armpit for a year and a half.": {"anatom_site": "trunk", "side": "left", "duration_days": 548},
    "Tache de la face dorsale de la main droite depuis un an et demi.": {
        "anatom_site": "hand", "side": "right", "duration_days": 548,
    },
    "Tache de la grande lèvre.": {"anatom_site": "genital"},
    "Non blanching purple spots on shins": {"anatom_site": "lower_extremity", "non_blanching": "present"},
    "Itchng and bleding.": {"itch": "present", "bleeding": "present"},
    # the sun, the naevi
    "Blistering sunburn as a child, sunbeds in the past, many moles.": {
        "sunburn": "present", "sunbeds": "present", "many_naevi": "present",
    },
    "No sunburn, never used sunbeds, few moles.": {"sunburn": "absent", "sunbeds": "absent", "many_naevi": "absent"},
    "Sister has many moles and uses sunbeds.": {},
    "Nombreux coups de soleil, cabine UV à 20 ans, plus de 100 nævus.": {
        "sunburn": "present", "sunbeds": "present", "many_naevi": "present",
    },
    "Coups de soleil : non. UV artificiels : non. Peu de nævus.": {
        "sunburn": "absent", "sunbeds": "absent", "many_naevi": "absent",
    },
    "Eruption like sunburn.": {},
    # a temperature is not undone by another item's answer
    "T 38.9, bleeding: no": {"fever": "present", "bleeding": "absent"},
    "Température 39, saignement : non": {"fever": "present", "bleeding": "absent"},
    "Never above 38.5.": {"fever": "absent"},
    # redness that spreads, which a lesion cannot
    "Redness spreading fast, 38.9": {"spreading_redness": "present", "fever": "present"},
    "Redness is not spreading.": {"spreading_redness": "absent"},
    "Mole spreading quickly.": {},
    "Rougeur qui s'étend rapidement.": {"spreading_redness": "present"},
    "La rougeur ne s'étend pas.": {"spreading_redness": "absent"},
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES.items())
def test_a_note_gives_its_findings(text, expected):
    assert read_notes(text).values() == expected


@given(st.text(max_size=300))
def test_any_text_is_read_and_spans_match_it(text):
    for finding in read_notes(text).findings:
        assert all(text[span.start : span.end] == span.text for span in finding.spans)


WORDS = st.sampled_from(
    "no not itchy bleeding , . : / - ? pas de sans mole grew 6 mm 3 weeks ans mother mère rash + melanoma left arm ; et".split()
)


@settings(max_examples=1000, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(WORDS, max_size=25).map(" ".join))
def test_words_in_any_order_are_read_and_spans_match_them(text):
    read = read_notes(text)
    assert read == read_notes(text)
    for finding in read.findings:
        assert all(text[span.start : span.end] == span.text for span in finding.spans)


def denied(language, name, before):
    return phrases(language, name).map(lambda phrase: f"{before} {phrase}.")


@pytest.mark.parametrize("name", lexicon.words("en").findings)
@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_no_before_an_english_word_is_never_present(name, data):
    text = data.draw(st.sampled_from(["No", "Denies", "Never any", "There is no"]).flatmap(lambda no: denied("en", name, no)))
    assert read_notes(text).values().get(name) != "present", text


@pytest.mark.parametrize("name", lexicon.words("fr").findings)
@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_no_before_a_french_word_is_never_present(name, data):
    text = data.draw(st.sampled_from(["Pas de", "Aucun", "Jamais de", "Absence de"]).flatmap(lambda no: denied("fr", name, no)))
    assert read_notes(text).values().get(name) != "present", text


@pytest.mark.parametrize("name", HISTORIES)
@pytest.mark.parametrize(
    ("language", "who"), [("en", "Mother had"), ("en", "FH:"), ("fr", "Son père a eu un"), ("fr", "ATCD familiaux :")]
)
@settings(max_examples=20, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_a_relatives_history_is_never_the_patients(language, who, name, data):
    text = f"{who} {data.draw(phrases(language, name))}."
    assert read_notes(text).values().get(name) != "present", text


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("soigne", "saigne"),
        ("etching", "itching"),
        ("moths", "months"),
        ("couleur", "douleur"),
        ("trusted", "crusted"),
        ("suite", "suinte"),
    ],
)
def test_a_common_word_is_not_mended_into_a_finding(word, other):
    assert other not in NoteText.of(f"the {word} le {word}").plain


@pytest.mark.parametrize(
    "repeated", ["6 x ", "1/2 cm ", "no ", "itch/", "pas de prurit, ", "if it itches, ", "[ ] itch ", "in 2015 "]
)
def test_a_text_of_one_thing_again_and_again_is_read_to_its_end(repeated):
    """Where a pattern could take the same characters in two ways, this would not end: "6 x 6 x 6 x" once took over an hour."""
    text = (repeated * LIMIT)[:LIMIT]
    for finding in read_notes(text).findings:
        assert all(text[span.start : span.end] == span.text for span in finding.spans)


def test_an_overlong_note_is_refused():
    with pytest.raises(ContextError):
        read_notes("a" * (LIMIT + 1))


def test_a_text_without_a_stop_is_read_in_pieces():
    note = NoteText.of("itch and pain " * 300)
    spans = note.sentences()
    assert all(end - start <= 500 for start, end in spans)
    assert "".join(note.plain[start:end] for start, end in spans) == note.plain
    assert read_notes("itch and pain " * 300).values() == {"itch": "present", "pain": "present"}


@pytest.mark.parametrize(
    "text", ["mole present for {} years", "present for 2 years and {} months", "{} months old", "size {} mm"]
)
def test_a_bar_code_in_a_note_is_no_number(text):
    found = read_notes(text.format("1" * 4400)).values()
    assert not {"age", "diameter_mm"} & found.keys()
    assert found.get("duration_days", 730) == 730
