"""BUSI: breast ultrasound, normal, benign and malignant, with masks of the lesions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from models.data.adapters.base import DatasetCard
from models.data.adapters.layout import ShippedClasses, files, key_of, locate, missing, with_masks
from models.data.errors import DataError
from models.data.images import FileImage
from models.data.masks import FileMask
from models.data.records import LESION, Record

CLASSES = ("normal", "benign", "malignant")


class Busi(ShippedClasses):
    """Reads the three folders, with or without their masks. BUSI names no patients and repeats scans."""

    card = DatasetCard(
        name="busi",
        title="Breast Ultrasound Images (BUSI)",
        modality="ultrasound",
        concept_set="busi",
        layout=(
            "benign/benign (1).png, benign/benign (1)_mask.png, benign/benign (4)_mask_1.png …\n"
            "malignant/malignant (1).png …\n"
            "normal/normal (1).png …"
        ),
        homepage="https://scholar.cu.edu.eg/?q=afahmy/pages/dataset",
        citation=(
            "Al-Dhabyani W, Gomaa M, Khaled H, Fahmy A. Dataset of breast ultrasound images. Data in Brief "
            "2020;28:104863"
        ),
        licence="free for research with citation (public domain on its usual mirrors)",
    )

    def records(self, root: Path) -> Iterator[Record]:
        """All images; see ``Adapter.records``."""
        home = locate(self.card, root, *CLASSES)
        for name in CLASSES:
            folder = home / name
            if not folder.is_dir():
                raise missing(self.card, home, f"folder '{name}' is")
            pairs = sorted(with_masks(files(folder, (".png",))), key=lambda pair: _number(pair[0], name))
            if not pairs:
                raise missing(self.card, home, f"'{name}/{name} (1).png' and all others of the class are")
            for path, masks in pairs:
                yield Record(
                    key_of(path, home),
                    FileImage(path),
                    name,
                    masks={LESION: tuple(FileMask(mask) for mask in masks)} if masks else {},
                )


def _number(path: Path, name: str) -> int:
    match = re.fullmatch(rf"{name} \((\d+)\)", path.stem)
    if match:
        return int(match[1])
    if "_mask" in path.stem:
        raise DataError(f"{path}: the mask's image '{path.stem.split('_mask')[0]}.png' is missing")
    raise DataError(f"{path}: not a name of BUSI; expected '{name} (<number>).png' and its '…_mask.png'")
