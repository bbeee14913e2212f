"""NCT-CRC-HE as its archives unpack."""

import shutil
from pathlib import Path

import pytest

from models.data.adapters.nct_crc_he import CODES, NctCrcHe
from models.data.errors import DataError
from tests.support.trees import picture


def part(root: Path, name: str, tile: str) -> None:
    for code in CODES:
        picture(root / name / code / f"{code}-{tile}.tif")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    part(tmp_path, "NCT-CRC-HE-100K", "AAAFLCLG")
    part(tmp_path, "CRC-VAL-HE-7K", "TCGA-AAICEQFN")
    (tmp_path / "NCT-CRC-HE-100K" / "ADI" / "Thumbs.db").write_bytes(b"x")
    return tmp_path


def test_tissues_and_the_test_split(root: Path) -> None:
    records = list(NctCrcHe().records(root))

    assert len(records) == 18
    assert (records[0].key, records[0].label, records[0].split) == (
        "NCT-CRC-HE-100K/ADI/ADI-AAAFLCLG.tif", "adi", "train",
    )  # fmt: skip
    assert (records[-1].key, records[-1].label, records[-1].split) == (
        "CRC-VAL-HE-7K/TUM/TUM-TCGA-AAICEQFN.tif", "tum", "test",
    )  # fmt: skip
    assert {r.label for r in records} == {label.key for label in NctCrcHe().classes(root)}
    assert records[0].image.read().shape == (4, 6, 3)


def test_one_part_alone_has_no_published_split(root: Path) -> None:
    alone = list(NctCrcHe().records(root / "NCT-CRC-HE-100K"))
    assert [r.split for r in alone] == [None] * 9
    assert alone[0].key == "NCT-CRC-HE-100K/ADI/ADI-AAAFLCLG.tif"
    shutil.rmtree(root / "CRC-VAL-HE-7K")
    assert [r.key for r in NctCrcHe().records(root)] == [r.key for r in alone]


def test_the_unnormalised_tiles_take_the_place_of_the_others(root: Path) -> None:
    part(root, "NCT-CRC-HE-100K-NONORM", "AAAFLCLG")
    with pytest.raises(DataError, match="which show the same tiles; move one of them away"):
        list(NctCrcHe().records(root))
    shutil.rmtree(root / "NCT-CRC-HE-100K")
    splits = [r.split for r in NctCrcHe().records(root)]
    assert splits == ["train"] * 9 + ["test"] * 9


def test_what_is_missing_is_named(root: Path) -> None:
    for tile in (root / "NCT-CRC-HE-100K" / "MUC").iterdir():
        tile.unlink()
    with pytest.raises(DataError, match=r"100K: folder 'MUC' with \.tif files is missing.*\n(.*\n)*.*ADI BACK"):
        list(NctCrcHe().records(root))
    shutil.rmtree(root / "CRC-VAL-HE-7K" / "STR")
    part(root, "NCT-CRC-HE-100K", "B")
    with pytest.raises(DataError, match="CRC-VAL-HE-7K: folder 'STR'"):
        list(NctCrcHe().records(root))
    shutil.rmtree(root / "NCT-CRC-HE-100K")
    with pytest.raises(DataError, match="'NCT-CRC-HE-100K' is missing"):
        list(NctCrcHe().records(root))
    shutil.rmtree(root / "CRC-VAL-HE-7K")
    with pytest.raises(DataError, match="'NCT-CRC-HE-100K' or 'NCT-CRC-HE-100K-NONORM' or 'CRC-VAL-HE-7K' is missing"):
        list(NctCrcHe().records(root))
