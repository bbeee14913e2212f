"""How the state of the server is judged."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from backend.access.principal import SYSTEM, acting_as
from backend.db.tables import ModelVersion
from backend.health.schemas import HealthRead, HealthStatus
from backend.model_registry import repository
from backend.predictions.inference import InferenceService, InferenceState
from backend.resources import Resources


def app_version() -> str:
    """Of the installed package."""
    try:
        return version("vitrine")
    except PackageNotFoundError:
        return "0"


def check_health(resources: Resources) -> HealthRead:
    """Asks the database and the inference thread; never fails."""
    available = resources.database.is_available()
    active = _active_models(resources) if available else []
    return HealthRead(
        status=_status(active, resources.inference) if available else HealthStatus.DEGRADED,
        version=app_version(),
        database="ok" if available else "unavailable",
        queue=resources.jobs.state,
        active_models=len(active),
        max_upload_bytes=resources.settings.max_upload_bytes,
        decoding=resources.sandbox.confinement.value,
    )


def _active_models(resources: Resources) -> list[ModelVersion]:
    with acting_as(SYSTEM), resources.database.reading() as session:  # whoever asks, also a monitor
        return list(repository.list_active(session))


def _status(active: list[ModelVersion], inference: InferenceService) -> HealthStatus:
    if inference.state is InferenceState.STARTING:
        return HealthStatus.STARTING
    if not active or any(inference.has_failed(model.id) for model in active):
        return HealthStatus.DEGRADED
    return HealthStatus.OK
