"""The application. Importing this module starts nothing; ``create_app`` builds, the lifespan starts and stops."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from anyio import to_thread
from fastapi import APIRouter, FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from backend.access.dependencies import check_routes
from backend.access.errors import HeaderMissing, NotAllowed, NotSignedIn, PasswordChangeNeeded
from backend.access.rules import guard
from backend.account.router import router as account
from backend.agreement.router import router as agreement
from backend.audit import service as audit
from backend.audit.heads import Heads
from backend.audit.router import router as trail
from backend.audit.views import ViewLog
from backend.auth.attempts import Attempts
from backend.auth.first_start import FirstStart, check_settings, prepare, warnings
from backend.auth.identify import Identify
from backend.auth.router import router as auth
from backend.cases.originals import SUFFIX, key_of_site
from backend.cases.receiving import sweep_received
from backend.cases.reviewing import sweep_reviewed
from backend.cases.router import router as cases
from backend.cases.service import sweep_orphans
from backend.comparisons.router import router as comparisons
from backend.concept_sets.registering import register_of_models, register_shipped
from backend.concept_sets.router import router as concept_sets
from backend.core.computed import Computed
from backend.core.errors import PayloadTooLarge, ValidationFailed, error_responses, install_error_handlers
from backend.core.frontend import Frontend
from backend.core.logging import configure_logging
from backend.core.middleware import BodyLimit, RequestContext, SameOrigin
from backend.core.queue import make_broker
from backend.core.settings import MIB, Settings
from backend.core.slots import Slots
from backend.core.storage import LocalStorage
from backend.datasets.library import DatasetLibrary
from backend.datasets.router import router as datasets
from backend.datasets.runner import ImportRunner
from backend.db.migrate import upgrade
from backend.db.session import Database
from backend.diagnoses.router import router as diagnoses
from backend.evidence.router import router as evidence
from backend.examples.painter import GalleryPainter
from backend.examples.router import router as examples
from backend.health.router import router as health
from backend.health.service import app_version
from backend.intake.deidentification.secret import check_not_lost
from backend.intake.encoding import limit_pillow
from backend.intake.sandbox import Sandbox
from backend.intervention_batches.router import router as batches
from backend.intervention_batches.runner import BatchRunner
from backend.interventions.editable import EditableModels
from backend.interventions.exports import router as exports
from backend.interventions.router import router as interventions
from backend.job_handlers import on_given_up
from backend.jobs.dispatcher import JobDispatcher
from backend.jobs.streaming import Streams
from backend.jobs.supervision import Supervisor
from backend.labels.router import router as labels
from backend.model_registry.repository import active_ids
from backend.model_registry.router import router as models
from backend.model_registry.service import register
from backend.model_registry.zoo import FolderZoo, ModelZoo
from backend.people.router import router as people
from backend.predictions.inference import InferenceService
from backend.predictions.router import router as predictions
from backend.reader_studies.router import router as reader_studies
from backend.readings.router import router as readings
from backend.resources import Resources
from backend.study_results.router import router as study_results
from backend.training_runs import label_files
from backend.training_runs.router import router as training_runs

logger = logging.getLogger(__name__)

PREFIX = "/api/v1"
# Requests wait in threads: for a picture slot, for the model, for the disk. Those bounds are below this one.
REQUEST_THREADS = 128
PASSWORDS_AT_ONCE = 2  # 64 MiB and a fifth of a second each
# Looked through in this order with every request: first what many people do at once.
ROUTERS = (
    readings, health, auth, account, people, cases, predictions, interventions, exports, batches, labels, agreement,
    examples, comparisons, models, evidence, concept_sets, training_runs, diagnoses, datasets, reader_studies,
    study_results, trail,
)  # fmt: skip
REFUSALS = (NotSignedIn, NotAllowed, PasswordChangeNeeded, HeaderMissing)
DESCRIPTION = "Explainable prediction on medical images. Research use only: not for diagnosis."


def create_app(
    settings: Settings, zoo: ModelZoo | None = None, on_first_start: Callable[[FirstStart], None] | None = None
) -> FastAPI:
    """Build the application.

    Args:
        settings: everything that can differ between two servers.
        zoo: where models come from; by default ``models/zoo`` and the data folder.
        on_first_start: is told with what to sign in, when nobody could know it otherwise.

    Raises:
        UnsafeSettings: for settings that must not be reached from other machines.
    """
    check_settings(settings)
    zoo = zoo or FolderZoo(settings.models_dir, settings.device, settings.inference_threads)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        configure_logging(settings.log_level)
        resources = await run_in_threadpool(start, settings, zoo)
        app.state.resources = resources
        first = await run_in_threadpool(prepare, resources.database, settings)
        if first is not None and on_first_start is not None:
            on_first_start(first)
        to_thread.current_default_thread_limiter().total_tokens = REQUEST_THREADS
        try:
            yield
        finally:
            await run_in_threadpool(stop, resources)

    app = FastAPI(
        title="Vitrine",
        description=DESCRIPTION,
        version=app_version(),
        lifespan=lifespan,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,  # Swagger UI comes from a CDN, which an air-gapped site does not have
        redoc_url=None,
        generate_unique_id_function=_operation_id,
    )
    app.state.streams = Streams()  # not a resource: whoever runs the server ends them before the lifespan does
    install_error_handlers(app)
    for router in ROUTERS:
        check_routes(router)
    app.router.routes.extend(_routes())
    # Not a mount: that would answer wrong methods of the API before the API can.
    app.router.default = Frontend(settings.frontend_dir)
    _add_middleware(app, settings)
    return app


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """Of all domains: the same for every application of a process, such as those of the tests, and slow to make."""
    api = APIRouter(prefix=PREFIX, responses=error_responses(ValidationFailed, PayloadTooLarge, *REFUSALS))
    for router in ROUTERS:
        api.include_router(router)
    top = APIRouter(generate_unique_id_function=_operation_id)
    top.include_router(api)
    return tuple(top.routes)


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    """The last one added is the outermost."""
    app.add_middleware(
        BodyLimit,
        limit=MIB,
        upload_limit=settings.max_upload_bytes + 64 * 1024,  # the other form fields and the boundaries
        upload_paths=frozenset({f"{PREFIX}/cases"}),
    )
    app.add_middleware(
        Identify,
        prefix="/api/",
        without=frozenset({f"{PREFIX}/health"}),
        open_to_all=(f"{PREFIX}/auth/", f"{PREFIX}/openapi.json"),
        body_limit=2 * settings.max_upload_bytes,  # as much as of what is too large, so that the answer gets through
    )
    app.add_middleware(SameOrigin, allowed_hosts=settings.allowed_hosts)
    app.add_middleware(RequestContext)


def start(settings: Settings, zoo: ModelZoo) -> Resources:
    """Open and prepare everything; models load in the background."""
    limit_pillow(settings.max_pixels)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    upgrade(settings.resolved_database_url)
    heads = Heads(settings.audit_heads_file)
    database = Database(settings.resolved_database_url, {audit.HEADS: heads}, guard)
    audit.settle(database, heads)
    for warning in warnings(settings):
        logger.warning(warning)
    if not settings.import_dirs:
        settings.import_roots[0].mkdir(exist_ok=True)
    library = DatasetLibrary(settings.datasets_dir)
    storage = LocalStorage(settings.storage_dir)
    inference = InferenceService(
        zoo.load,
        zoo.holds,
        settings.inference_queue,
        settings.model_wait_seconds,
        settings.prediction_timeout_seconds,
        batch=settings.inference_batch,
    )
    resources = Resources(
        settings=settings,
        database=database,
        storage=storage,
        inference=inference,
        editable=EditableModels(zoo),
        picture_slots=Slots(settings.decode_slots),
        sandbox=Sandbox(settings),
        library=library,
        imports=ImportRunner(database, library),
        batches=BatchRunner(database, library, storage, settings),
        painter=GalleryPainter(settings.storage_dir),
        attempts=Attempts(),
        password_slots=Slots(PASSWORDS_AT_ONCE),
        views=ViewLog(database),
        jobs=JobDispatcher(database, make_broker(settings), on_given_up(settings, storage, library)),
        supervisor=Supervisor(settings) if settings.starts_workers else None,
        computed=Computed(),
    )
    sweep_received(settings)
    _check_keys(settings)
    sweep_orphans(database, resources.storage)
    sweep_reviewed(database, resources.storage)
    label_files.sweep(database, settings.jobs_dir)
    register_shipped(database)

    def register_models() -> dict[str, Path]:
        found = zoo.discover()
        with database.writing() as session:
            folders = register(session, found)
            register_of_models(session, found)
            return folders

    def active_models() -> set[str]:
        with database.reading() as session:
            return active_ids(session)

    inference.start(register_models, active_models)
    resources.sandbox.start()
    resources.imports.start()
    resources.batches.start()
    if resources.supervisor is not None:
        resources.supervisor.start()
    resources.jobs.start()
    if settings.prepare_examples:
        resources.painter.start()
    return resources


def _check_keys(settings: Settings) -> None:
    """What is wrong with the site's keys is said at the start, not to who uploads."""
    check_not_lost(settings.deidentification_key, settings.storage_dir.glob("cases/*/*.json"))
    if settings.keep_originals:
        key_of_site(settings.originals_key, settings.storage_dir.glob(f"cases/*/*{SUFFIX}"))


def stop(resources: Resources) -> None:
    """Close in the opposite order."""
    resources.painter.stop()
    resources.jobs.stop()
    if resources.supervisor is not None:
        resources.supervisor.stop()
    resources.batches.stop()
    resources.imports.stop()
    resources.sandbox.stop()
    resources.inference.stop()
    resources.database.close()


def _operation_id(route: APIRoute) -> str:
    """The function's name: short, stable, and what generated clients call it."""
    return route.name
