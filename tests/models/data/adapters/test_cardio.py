"""Cardiomegaly from the tables and folders of MIMIC-CXR-JPG."""

import gzip
import shutil
from pathlib import Path

import pytest

from models.concepts import load_concept_set
from models.data.adapters.cardio import CHEXPERT, CONCEPTS, METADATA, SPLIT, Cardio
from models.data.errors import DataError
from tests.support.trees import picture

# patient, study, cardiomegaly, effusion, edema, then images: id, view, split
STUDIES = (
    ("10000032", "50414267", "1.0", "1.0", "-1.0", (("a", "PA", "train"), ("b", "LATERAL", "train"))),
    ("10000032", "53189527", "0.0", "0.0", "", (("c", "AP", "train"),)),
    ("10000764", "57375967", "-1.0", "", "1.0", (("d", "PA", "test"),)),
    ("11000183", "51967845", "", "", "", (("e", "PA", "validate"),)),
    ("11000183", "55157853", "1.0", "", "", (("f", "AP", "validate"),)),
    ("12000000", "59999999", "1.0", "", "", (("g", "AP", "test"),)),
)


def write(root: Path, name: str, *rows: tuple) -> None:
    lines = "\n".join(",".join(str(cell) for cell in row) for row in rows) + "\n"
    (root / f"{name}.gz").write_bytes(gzip.compress(lines.encode()))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    findings = ("Atelectasis", "Cardiomegaly", "Pleural Effusion", "Edema", "No Finding")
    write(
        tmp_path, CHEXPERT, ("subject_id", "study_id", *findings),
        *((p, s, "", heart, effusion, edema, "") for p, s, heart, effusion, edema, _ in STUDIES),
    )  # fmt: skip
    images = [(p, s, *image) for p, s, _, _, _, listed in STUDIES for image in listed]
    write(
        tmp_path, METADATA, ("dicom_id", "subject_id", "study_id", "PerformedProcedureStepDescription", "ViewPosition"),
        *((i, p, s, '"CHEST (PA, LAT)"', view) for p, s, i, view, _ in images),
    )  # fmt: skip
    write(tmp_path, SPLIT, ("dicom_id", "study_id", "subject_id", "split"), *((i, s, p, x) for p, s, i, _, x in images))
    for patient, study, image, _, _ in images:
        picture(tmp_path / "files" / f"p{patient[:2]}" / f"p{patient}" / f"s{study}" / f"{image}.jpg")
    return tmp_path


def test_sure_frontal_images_with_patients_splits_and_findings(root: Path) -> None:
    assert [(r.key[-5:], r.label, r.group, r.split, dict(r.options)) for r in Cardio().records(root)] == [
        ("a.jpg", "cardiomegaly", "10000032", "train", {"effusion": "effusion"}),
        ("c.jpg", "no_cardiomegaly", "10000032", "train", {"effusion": "no_effusion"}),
        ("f.jpg", "cardiomegaly", "11000183", "validation", {}),
        ("g.jpg", "cardiomegaly", "12000000", "test", {}),
    ]
    first = next(iter(Cardio().records(root)))
    assert first.key == "files/p10/p10000032/s50414267/a.jpg"
    assert first.image.read().shape == (4, 6, 3)


def test_the_folders_of_physionets_wget_command_do_not_matter(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outer = tmp_path_factory.mktemp("download") / "physionet.org"
    (outer / "files" / "mimic-cxr-jpg").mkdir(parents=True)
    shutil.copytree(root, outer / "files" / "mimic-cxr-jpg" / "2.1.0")
    assert len(list(Cardio().records(outer))) == 4


def test_options_are_those_of_the_concept_set() -> None:
    groups = {group.key: set(group.option_keys) for group in load_concept_set("cardio").groups}
    for group, absent, present in CONCEPTS.values():
        assert groups[group] == {absent, present}


def test_unpacked_tables_and_partial_downloads(root: Path) -> None:
    for name in (CHEXPERT, METADATA, SPLIT):
        (root / name).write_bytes(gzip.decompress((root / f"{name}.gz").read_bytes()))
        (root / f"{name}.gz").unlink()
    shutil.rmtree(root / "files" / "p11")
    assert [r.key[-5] for r in Cardio().records(root)] == ["a", "c", "g"]


@pytest.mark.parametrize("name", [CHEXPERT, METADATA, SPLIT])
def test_missing_tables_are_named(name: str, root: Path) -> None:
    (root / f"{name}.gz").unlink()
    with pytest.raises(DataError, match=rf"'{name}\.gz'.* is missing.*\n.*subject_id,study_id,Cardiomegaly"):
        list(Cardio().records(root))


def test_missing_images_columns_and_rows_are_named(root: Path) -> None:
    path = root / "files" / "p10" / "p10000032" / "s53189527" / "c.jpg"
    path.unlink()
    with pytest.raises(DataError, match=r"metadata\.csv\.gz names .*s53189527/c\.jpg, which cannot be found"):
        list(Cardio().records(root))
    picture(path)
    write(root, SPLIT, ("dicom_id", "split"), ("a", "train"))
    with pytest.raises(DataError, match="no row for dicom_id 'c'"):
        list(Cardio().records(root))
    write(root, SPLIT, ("dicom_id", "split"), ("a", "dev"))
    with pytest.raises(DataError, match="line 2: split 'dev' is none of train, validate, test"):
        list(Cardio().records(root))
    write(root, SPLIT, ("dicom_id", "part"), ("a", "train"))
    with pytest.raises(DataError, match="column 'split' is missing"):
        list(Cardio().records(root))
    write(root, CHEXPERT, ("study_id", "Cardiomegaly"), ("50414267", "2.0"))
    with pytest.raises(DataError, match=r"line 2: 'Cardiomegaly' is '2\.0'"):
        list(Cardio().records(root))
    shutil.rmtree(root / "files")
    write(root, CHEXPERT, ("study_id", "Cardiomegaly"), ("50414267", "1.0"))
    write(root, SPLIT, ("dicom_id", "split"), ("a", "train"))
    with pytest.raises(DataError, match="folder 'files' is missing"):
        list(Cardio().records(root))
    (root / "files").mkdir()
    with pytest.raises(DataError, match="every frontal image with a sure label"):
        list(Cardio().records(root))
