"""NCT-CRC-HE: tiles of colorectal tissue in nine classes; the 7K tiles of other patients are the test split."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from models.data.adapters.base import DatasetCard
from models.data.adapters.layout import ShippedClasses, files, key_of, locate, missing
from models.data.errors import DataError
from models.data.images import FileImage
from models.data.records import Record, SplitName

CODES = ("ADI", "BACK", "DEB", "LYM", "MUC", "MUS", "NORM", "STR", "TUM")
PARTS: tuple[tuple[str, SplitName], ...] = (
    ("NCT-CRC-HE-100K", "train"),
    ("NCT-CRC-HE-100K-NONORM", "train"),
    ("CRC-VAL-HE-7K", "test"),
)


class NctCrcHe(ShippedClasses):
    """Reads the unpacked archives. The tiles' names hold no patient, so only likeness groups them.

    NCT-CRC-HE-100K and its NONORM twin are one set of tiles with and without colour normalisation: give one of them.
    """

    card = DatasetCard(
        name="nct-crc-he",
        title="NCT-CRC-HE-100K and CRC-VAL-HE-7K",
        modality="histopathology",
        concept_set="nct_crc_he",
        layout=(
            "NCT-CRC-HE-100K/ADI/ADI-AAAFLCLG.tif … (or NCT-CRC-HE-100K-NONORM/)\n"
            "  with the folders ADI BACK DEB LYM MUC MUS NORM STR TUM\n"
            "CRC-VAL-HE-7K/ADI/ADI-TCGA-AAICEQFN.tif … (optional, the test split)"
        ),
        homepage="https://doi.org/10.5281/zenodo.1214456",
        citation=(
            "Kather JN, Halama N, Marx A. 100,000 histological images of human colorectal cancer and healthy tissue. "
            "Zenodo 2018, doi:10.5281/zenodo.1214456"
        ),
        licence="CC BY 4.0",
    )

    def records(self, root: Path) -> Iterator[Record]:
        """All tiles; see ``Adapter.records``."""
        home, parts = self._parts(root)
        names = [part.name for part, _ in parts]
        if "NCT-CRC-HE-100K" in names and "NCT-CRC-HE-100K-NONORM" in names:
            raise DataError(
                f"{home}: holds NCT-CRC-HE-100K and NCT-CRC-HE-100K-NONORM, which show the same tiles; "
                "move one of them away"
            )
        for part, split in parts:
            for code in CODES:
                folder = part / code
                tiles = files(folder, (".tif", ".tiff")) if folder.is_dir() else []
                if not tiles:
                    raise missing(self.card, part, f"folder '{code}' with .tif files is")
                for path in tiles:
                    yield Record(key_of(path, home), FileImage(path), code.lower(), split=split)

    def _parts(self, root: Path) -> tuple[Path, list[tuple[Path, SplitName | None]]]:
        """The folder that holds the parts, and each part with its split; one part alone has none."""
        if (root / CODES[0]).is_dir() and (root / CODES[-1]).is_dir():
            return root.parent, [(root, None)]
        home = locate(self.card, root, *(name for name, _ in PARTS), depth=1)
        found = [(home / name, split) for name, split in PARTS if (home / name).is_dir()]
        if [split for _, split in found] == ["test"]:
            raise missing(self.card, home, "'NCT-CRC-HE-100K' is")
        # 'CRC-VAL-HE-7K' may stand elsewhere or not at all: then the splits are drawn from the tiles that are there
        return home, list(found) if len(found) > 1 else [(found[0][0], None)]
