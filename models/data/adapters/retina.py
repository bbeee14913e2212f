"""The retina set of yiweichen04: normal eyes, cataract, glaucoma and other diseases in fundus photographs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from models.data.adapters.base import DatasetCard
from models.data.adapters.layout import ShippedClasses, files, key_of, locate, missing
from models.data.images import FileImage
from models.data.records import Record

FOLDERS = {
    "1_normal": "normal",
    "2_cataract": "cataract",
    "2_glaucoma": "glaucoma",
    "3_retina_disease": "retina_disease",
}


class Retina(ShippedClasses):
    """Reads the repository as it is cloned, or its ``dataset`` folder. It names no patients and has no splits."""

    card = DatasetCard(
        name="retina",
        title="Retina dataset (yiweichen04)",
        modality="fundus photography",
        concept_set="retina",
        layout=(
            "dataset/1_normal/NL_001.png …\n"
            "dataset/2_cataract/cataract_001.png …\n"
            "dataset/2_glaucoma/Glaucoma_001.png …\n"
            "dataset/3_retina_disease/Retina_001.png …"
        ),
        homepage="https://github.com/yiweichen04/retina_dataset",
        citation="yiweichen04. retina_dataset. https://github.com/yiweichen04/retina_dataset, 2021",
        licence="none stated by its publisher",
    )

    def records(self, root: Path) -> Iterator[Record]:
        """All images; see ``Adapter.records``."""
        home = locate(self.card, root, *FOLDERS)
        for folder_name, label in FOLDERS.items():
            folder = home / folder_name
            images = files(folder) if folder.is_dir() else []
            if not images:
                raise missing(self.card, home, f"folder '{folder_name}' with images is")
            for path in images:
                yield Record(key_of(path, home), FileImage(path), label)
