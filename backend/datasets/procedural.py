"""The two sets that the application draws itself: always there, synthetic, and of no size."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType, ModuleType

import numpy as np
from numpy.typing import NDArray

from models.concepts import ConceptSet, load_concept_set
from models.data import synthetic
from models.data.synthetic import dermoscopy, ultrasound


@dataclass(frozen=True)
class ProceduralSet:
    """A generator with its name and its concept set."""

    name: str
    title: str
    key: str
    concept_set_name: str
    module: ModuleType

    @property
    def concept_set(self) -> ConceptSet:
        """Whose classes and groups it draws."""
        return _concept_set(self.concept_set_name)

    @property
    def modality(self) -> str:
        """As the concept set names it."""
        return self.concept_set.modality

    def render(self, index: int, size: int, class_index: int) -> NDArray[np.uint8]:
        """(size, size, 3) uint8: a picture of the test split."""
        image: NDArray[np.uint8] = self.module.render_sample("test", index, size, class_index).image
        return image

    def contact_sheet(self) -> NDArray[np.uint8]:
        """(H, W, 3) uint8: some pictures of each class, with what they show."""
        sheet: NDArray[np.uint8] = self.module.contact_sheet()
        return sheet


PROCEDURAL: Mapping[str, ProceduralSet] = MappingProxyType(
    {
        drawn.name: drawn
        for drawn in (
            ProceduralSet("synthetic-dermoscopy", "Procedural dermoscopy", "dermoscopy", "isic2018", dermoscopy),
            ProceduralSet("synthetic-ultrasound", "Procedural breast ultrasound", "ultrasound", "busi", ultrasound),
        )
    }
)


@cache
def edition() -> str:
    """Changes whenever the generators' code does, so that the cache never shows an older one's pictures."""
    folder = Path(str(synthetic.__file__)).parent
    digest = hashlib.sha256()
    for source in sorted(folder.rglob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


@cache
def _concept_set(name: str) -> ConceptSet:
    return load_concept_set(name)
