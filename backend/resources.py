"""What lives as long as the application: made in the lifespan, found by every request."""

from __future__ import annotations

from dataclasses import dataclass

from backend.audit.views import ViewLog
from backend.auth.attempts import Attempts
from backend.core.computed import Computed
from backend.core.settings import Settings
from backend.core.slots import Slots
from backend.core.storage import Storage
from backend.datasets.library import DatasetLibrary
from backend.datasets.runner import ImportRunner
from backend.db.session import Database
from backend.examples.painter import GalleryPainter
from backend.intake.sandbox import Sandbox
from backend.intervention_batches.runner import BatchRunner
from backend.interventions.editable import EditableModels
from backend.jobs.dispatcher import JobDispatcher
from backend.jobs.supervision import Supervisor
from backend.predictions.inference import InferenceService


@dataclass(frozen=True)
class Resources:
    """``picture_slots`` and ``password_slots`` bound how many are worked on at once, and so the memory.

    ``jobs`` is woken once a transaction that queued a job is committed. ``sandbox`` decodes uploads. ``supervisor``:
    None where workers are started by somebody else. ``computed``: results that take a while.
    """

    settings: Settings
    database: Database
    storage: Storage
    inference: InferenceService
    editable: EditableModels
    picture_slots: Slots
    sandbox: Sandbox
    library: DatasetLibrary
    imports: ImportRunner
    batches: BatchRunner
    painter: GalleryPainter
    attempts: Attempts
    password_slots: Slots
    views: ViewLog
    jobs: JobDispatcher
    supervisor: Supervisor | None
    computed: Computed
