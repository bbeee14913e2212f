"""What lives as long as the application: made in the lifespan, found by every request."""

from __future__ import annotations

from dataclasses import dataclass

from backend.core.settings import Settings
from backend.core.slots import PictureSlots
from backend.core.storage import Storage
from backend.datasets.library import DatasetLibrary
from backend.datasets.runner import ImportRunner
from backend.db.session import Database
from backend.examples.painter import GalleryPainter
from backend.predictions.inference import InferenceService


@dataclass(frozen=True)
class Resources:
    """``picture_slots`` bounds how many large pictures are decoded or drawn at once, and so the memory."""

    settings: Settings
    database: Database
    storage: Storage
    inference: InferenceService
    picture_slots: PictureSlots
    library: DatasetLibrary
    imports: ImportRunner
    painter: GalleryPainter
