import csv
import zipfile

import pytest

from derm_xai.datasets.sources import SAME_LESION, ham10000, load_all, milk10k, pad_ufes_20, read_mask
from derm_xai.errors import DataError
from derm_xai.photo import read_photo
from derm_xai.records import ClinicalContext
from derm_xai.vocabulary import Diagnosis, ImageType, VisualConcept
from tests.conftest import PHOTO_SETS, draw
from tests.datasets import published


def test_milk10k_as_published(tmp_path):
    published.milk10k(tmp_path)
    cases = milk10k(tmp_path)
    assert len(cases) == 22
    assert [case.diagnosis for case in cases[:3]] == [Diagnosis.AKIEC, Diagnosis.BCC, Diagnosis.BEN_OTH]
    assert [photo.image_type for photo in cases[0].photos] == [ImageType.CLINICAL, ImageType.DERMOSCOPIC]
    assert cases[1].context == ClinicalContext(age=41, sex="female", anatom_site="trunk", skin_tone=3)
    assert read_photo(cases[1].photos[1].read(), ImageType.DERMOSCOPIC).pixels.shape == (96, 128, 3)
    assert [photo.concepts for photo in cases[10].photos] == [(0.25,) * len(VisualConcept)] * 2
    assert read_mask(cases[0].photos[0]) is None


def test_monet_scores_follow_the_vocabulary_and_may_be_missing(tmp_path):
    published.milk10k(tmp_path, 2)
    path = tmp_path / "MILK10k_Training_Metadata.csv"
    with path.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    rows[0] |= {f"MONET_{concept}": place / 10 for place, concept in enumerate(VisualConcept)}
    rows[1] |= {"MONET_hair": ""}
    published.table(path, rows)
    photos = [photo for case in milk10k(tmp_path) for photo in case.photos]
    # zero is a score, an empty cell is none
    assert photos[0].concepts == (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
    assert photos[1].concepts is None
    assert photos[2].concepts is not None


def test_ham10000_as_published_holds_a_lesions_photos_together(tmp_path):
    published.ham10000(tmp_path)
    cases = ham10000(tmp_path)
    assert len(cases) == 40
    assert cases[0].group == cases[1].group != cases[2].group
    assert cases[2].diagnosis is Diagnosis.BCC
    assert cases[0].context == ClinicalContext(age=50, sex="male", anatom_site="trunk")
    assert cases[0].confirmed == "histo"
    assert cases[0].photos[0].concepts is None


def test_ham10000s_masks_belong_to_their_photos(tmp_path):
    published.ham10000(tmp_path, 4)
    (tmp_path / "HAM10000_segmentations_lesion_tschandl" / "ISIC_9000002_segmentation.png").unlink()
    masks = [read_mask(case.photos[0]) for case in ham10000(tmp_path)]
    assert masks[2] is None
    for seed, mask in ((100, masks[0]), (101, masks[1]), (103, masks[3])):
        assert mask.tolist() == (draw(seed, 96, 128)[..., 0] < 150).tolist()


def test_one_zip_and_one_table_are_read_as_the_published_folders_are(tmp_path):
    published.ham10000(tmp_path / "published", 4)
    folder = tmp_path / "zipped"
    folder.mkdir()
    (tmp_path / "published" / "HAM10000_metadata.csv").rename(folder / "ham10000.csv")
    with zipfile.ZipFile(folder / "ham10000.zip", "w") as archive:
        for path in (tmp_path / "published").rglob("*.jpg"):
            archive.write(path, f"images/{path.name}")
        for path in (tmp_path / "published").rglob("*.png"):
            archive.write(path, f"masks/{path.name.replace('_segmentation', '')}")
    cases = ham10000(folder)
    assert [case.case_id for case in cases] == [f"ISIC_{9_000_000 + index}" for index in range(4)]
    assert read_photo(cases[3].photos[0].read(), ImageType.DERMOSCOPIC).pixels.shape == (96, 128, 3)
    assert read_mask(cases[3].photos[0]).tolist() == (draw(103, 96, 128)[..., 0] < 150).tolist()


def test_a_table_of_another_set_is_not_taken_for_pads(tmp_path):
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "metadata.csv").write_text("isic_id,age_approx\nISIC_1,50\n")
    assert pad_ufes_20(tmp_path) == []
    published.pad_ufes_20(tmp_path / "pad")
    assert len(pad_ufes_20(tmp_path)) > 0


def test_pad_as_published_never_takes_the_label_in_disguise(tmp_path):
    published.pad_ufes_20(tmp_path)
    path = tmp_path / "metadata.csv"
    path.write_text(path.read_text().replace("PAT_DRAWN0_1_1.png,True", "PAT_DRAWN0_1_1.png,False"))
    case, other = pad_ufes_20(tmp_path)[:2]
    # kept to report by, and no input
    assert (case.confirmed, other.confirmed) == ("histopathology", "clinical")
    assert case.group == "PAT_DRAWN0"
    assert case.diagnosis is Diagnosis.AKIEC
    assert case.context == ClinicalContext(
        age=66, sex="female", anatom_site="head_neck_face", high_risk_site=True, fitzpatrick=2, itch=True, bleed=False
    )


def test_all_sets_are_found_in_their_own_folders(tmp_path):
    assert {case.source for case in load_all(published.all_sets(tmp_path))} == {"MILK10k", "HAM10000", "PAD-UFES-20"}


def test_an_empty_folder_says_where_to_download(tmp_path):
    with pytest.raises(DataError, match="isic-archive") as caught:
        load_all(tmp_path)
    assert str(tmp_path) not in str(caught.value)


def test_a_missing_photo_is_named(tmp_path):
    published.ham10000(tmp_path)
    (tmp_path / "HAM10000_images_part_1" / "ISIC_9000000.jpg").unlink()
    with pytest.raises(DataError, match="ISIC_9000000"):
        ham10000(tmp_path)


def test_twins_across_the_sets_share_a_group(tmp_path):
    with SAME_LESION.open(newline="") as lines:
        pair = next(csv.DictReader(lines))
    published.milk10k(tmp_path, 1)
    published.ham10000(tmp_path, 2)
    for path in (tmp_path / "MILK10k_Training_Metadata.csv", tmp_path / "MILK10k_Training_GroundTruth.csv"):
        path.write_text(path.read_text().replace("IL_DRAWN0", pair["lesion_id"]))
    path = tmp_path / "HAM10000_metadata.csv"
    path.write_text(path.read_text().replace("HAM_DRAWN0", pair["same_as"]))
    assert len({case.group for case in load_all(tmp_path)}) == 1


@pytest.mark.data
@pytest.mark.skipif(not PHOTO_SETS.is_dir(), reason="the public photo sets are not on this machine")
def test_the_real_sets_are_read():
    cases = load_all(PHOTO_SETS)
    assert {case.source for case in cases} == {"MILK10k", "HAM10000", "PAD-UFES-20"}
    for case in cases[::2000]:
        assert read_photo(case.photos[0].read(), case.photos[0].image_type).pixels.size
