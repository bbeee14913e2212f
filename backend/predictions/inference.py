"""The one thread that runs models.

Torch's threads belong to whoever called it, and an idle second caller slows the first one down, so every torch call of
the server happens here: loading and explaining, one at a time, from a bounded queue. A full queue is said at once, with
``Retry-After``, rather than letting requests pile up.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from PIL import Image

from backend.core.errors import AppError, ServerBusy
from backend.model_registry.errors import ModelUnavailable
from backend.model_registry.zoo import Explainer
from backend.predictions.errors import ModelStarting, PredictionFailed
from models.explanation import Explanation

logger = logging.getLogger(__name__)


class InferenceState(StrEnum):
    """``starting``: finding and loading the active models."""

    STARTING = "starting"
    READY = "ready"
    STOPPED = "stopped"


@dataclass(frozen=True)
class _Job:
    model_version_id: str
    folder: Path
    image: Image.Image
    answer: Future[Explanation] = field(default_factory=Future)


class InferenceService:
    """Loads the active models in the background, then explains images one at a time."""

    def __init__(
        self,
        load: Callable[[Path], Explainer],
        capacity: int,
        start_wait: float,
        timeout: float,
        keep_loaded: int = 3,
    ) -> None:
        self._load = load
        self._jobs: queue.Queue[_Job | None] = queue.Queue(capacity)
        self._start_wait = start_wait
        self._timeout = timeout
        self._keep_loaded = keep_loaded
        self._loaded: OrderedDict[str, Explainer] = OrderedDict()
        self._failed: set[str] = set()
        self._stopping = threading.Event()
        self._registered = threading.Event()
        self._thread: threading.Thread | None = None
        self.state = InferenceState.STARTING

    def start(self, register: Callable[[], Mapping[str, Path]]) -> None:
        """Start the thread.

        Args:
            register: called on it first; gives version id and folder of the models to load at once.
        """
        self._thread = threading.Thread(target=self._run, args=(register,), name="inference", daemon=True)
        self._thread.start()

    def wait_until_registered(self) -> None:
        """Until it is known which models there are. Raises ``ModelStarting`` if that takes too long."""
        if not self._registered.wait(self._start_wait):
            raise ModelStarting(retry_after=5)

    def stop(self) -> None:
        """Finish the job at hand; those that wait are told that the server is going."""
        self._stopping.set()
        with suppress(queue.Full):  # if full, the thread sees the event before it takes another job
            self._jobs.put_nowait(None)
        if self._thread:
            self._thread.join(timeout=30)
        self.state = InferenceState.STOPPED
        while True:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return
            if job and job.answer.set_running_or_notify_cancel():
                job.answer.set_exception(ServerBusy("The server is stopping; try again once it is back."))

    def explain(self, model_version_id: str, folder: Path, image: Image.Image) -> Explanation:
        """Blocks until the explanation is there.

        Raises:
            ServerBusy: too many are waiting, or it took too long.
            ModelStarting: the active models are still loading.
            ModelUnavailable: the folder does not load.
            PredictionFailed: the model raised an error.
        """
        job = _Job(model_version_id, folder, image)
        if self._stopping.is_set():
            raise ServerBusy("The server is stopping; try again once it is back.")
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            raise (ModelStarting() if self.state is InferenceState.STARTING else ServerBusy()) from None
        try:
            return self._wait(job)
        finally:
            job.answer.cancel()  # nobody waits any more; without effect once it is done

    def _wait(self, job: _Job) -> Explanation:
        if self.state is InferenceState.STARTING:
            with suppress(FutureTimeout):
                return job.answer.result(self._start_wait)
            if self.state is InferenceState.STARTING:
                raise ModelStarting(retry_after=5)
        try:
            return job.answer.result(self._timeout)
        except FutureTimeout:
            raise ServerBusy("The prediction took too long and was given up; try again later.") from None

    @property
    def waiting(self) -> int:
        """Roughly how many requests are in the queue."""
        return self._jobs.qsize()

    def loaded(self, model_version_id: str) -> Explainer | None:
        """The model, if it is in memory."""
        return self._loaded.get(model_version_id)

    def has_failed(self, model_version_id: str) -> bool:
        """Whether the last attempt to load the model went wrong."""
        return model_version_id in self._failed

    def _run(self, register: Callable[[], Mapping[str, Path]]) -> None:
        try:
            active = register()
        except Exception:
            logger.exception("the models could not be registered; the ones known from before are used")
            active = {}
        self._registered.set()
        for model_version_id, folder in active.items():
            if self._stopping.is_set():
                return
            try:
                self._get(model_version_id, folder)
            except AppError:
                logger.warning("model %s stays unavailable; predictions with it are refused", model_version_id)
        self.state = InferenceState.READY
        while not self._stopping.is_set():
            job = self._jobs.get()
            if job and job.answer.set_running_or_notify_cancel():
                self._answer(job)

    def _answer(self, job: _Job) -> None:
        try:
            explanation = self._get(job.model_version_id, job.folder).explain(job.image)
        except AppError as error:
            job.answer.set_exception(error)
        except Exception as error:
            logger.exception("model %s failed on an image", job.model_version_id)
            failure = PredictionFailed()
            failure.__cause__ = error
            job.answer.set_exception(failure)
        else:
            job.answer.set_result(explanation)

    def _get(self, model_version_id: str, folder: Path) -> Explainer:
        explainer = self._loaded.get(model_version_id)
        if explainer is None:
            explainer = self._load_checked(model_version_id, folder)
            while len(self._loaded) >= self._keep_loaded:
                self._loaded.popitem(last=False)  # the one not used for longest
            self._loaded[model_version_id] = explainer
        self._loaded.move_to_end(model_version_id)
        return explainer

    def _load_checked(self, model_version_id: str, folder: Path) -> Explainer:
        try:
            explainer = self._load(folder)
        except Exception as error:
            logger.exception("cannot load the model in %s", folder)
            self._failed.add(model_version_id)
            raise ModelUnavailable from error
        self._failed.discard(model_version_id)
        return explainer
