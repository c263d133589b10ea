"""Tiny drawn copies of the three public sets in their published layouts."""

import csv
from pathlib import Path

from PIL import Image

from derm_xai.vocabulary import DIAGNOSES, VisualConcept
from tests.conftest import draw, encoded

_PAD_HEAD = (
    "patient_id lesion_id smoke drink background_father background_mother age pesticide gender skin_cancer_history "
    "cancer_history has_piped_water has_sewage_system fitspatrick region diameter_1 diameter_2 diagnostic itch grew hurt "
    "changed bleed elevation img_id biopsed"
).split()


def table(path: Path, rows: list[dict]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def picture(path: Path, seed: int, height: int = 96, width: int = 128) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encoded(draw(seed, height, width), "PNG" if path.suffix == ".png" else "JPEG"))


def milk10k(folder: Path, lesions: int = 22) -> None:
    metadata, truth = [], []
    for index in range(lesions):
        lesion = f"IL_DRAWN{index}"
        for view, image_type in enumerate(("clinical: close-up", "dermoscopic")):
            image = f"ISIC_{index * 2 + view:07}"
            picture(folder / "MILK10k_Training_Input" / lesion / f"{image}.jpg", index)
            metadata.append(
                {
                    "lesion_id": lesion,
                    "image_type": image_type,
                    "isic_id": image,
                    "age_approx": 40 + index,
                    "sex": "female",
                    "skin_tone_class": 3,
                    "site": "trunk",
                    **{f"MONET_{concept}": index / 40 for concept in VisualConcept},
                }
            )
        label = DIAGNOSES[index % 11]
        truth.append({"lesion_id": lesion, **{each: float(each == label) for each in DIAGNOSES}})
    table(folder / "MILK10k_Training_Metadata.csv", metadata)
    table(folder / "MILK10k_Training_GroundTruth.csv", truth)


def ham10000(folder: Path, photos: int = 40) -> None:
    kinds = ("akiec", "bcc", "bkl", "df", "mel", "nv", "vasc")
    rows = []
    for index in range(photos):
        image = f"ISIC_{9_000_000 + index}"
        picture(folder / f"HAM10000_images_part_{1 + index % 2}" / f"{image}.jpg", 100 + index)
        mask = Image.fromarray(draw(100 + index, 96, 128)[..., 0] < 150)
        path = folder / "HAM10000_segmentations_lesion_tschandl" / f"{image}_segmentation.png"
        path.parent.mkdir(exist_ok=True)
        mask.save(path)
        rows.append(
            # two photos of each lesion
            {
                "lesion_id": f"HAM_DRAWN{index // 2}",
                "image_id": image,
                "dx": kinds[index // 2 % 7],
                "dx_type": "histo",
                "age": 50.0,
                "sex": "male",
                "localization": "back",
            }
        )
    table(folder / "HAM10000_metadata.csv", rows)


def pad_ufes_20(folder: Path, photos: int = 24) -> None:
    kinds = ("ACK", "BCC", "MEL", "NEV", "SCC", "SEK")
    rows = []
    for index in range(photos):
        image = f"PAT_DRAWN{index // 2}_{index}_1.png"
        picture(folder / "images" / "imgs_part_1" / image, 200 + index, 112, 112)
        answers = dict.fromkeys(_PAD_HEAD, "")
        answers |= {
            "patient_id": f"PAT_DRAWN{index // 2}",
            "lesion_id": index,
            "age": 66,
            "gender": "FEMALE",
            "region": "NOSE",
            "fitspatrick": 2.0,
        }
        answers |= {
            "diagnostic": kinds[index % 6],
            "itch": "True",
            "grew": "UNK",
            "bleed": "False",
            "img_id": image,
            "biopsed": "True",
        }
        rows.append(answers)
    table(folder / "metadata.csv", rows)


def all_sets(folder: Path) -> Path:
    milk10k(folder / "MILK10k")
    ham10000(folder / "HAM10000")
    pad_ufes_20(folder / "PAD-UFES-20")
    return folder
