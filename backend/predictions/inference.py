"""The one thread that runs models.

Torch's threads belong to whoever called it, and an idle second caller slows the first one down, so every torch call of
the server happens here: loading and explaining, one at a time, from a bounded queue. A full queue is said at once, with
``Retry-After``, rather than letting requests pile up. A version that is to become the active one is loaded here ahead
of its traffic, between two requests.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from PIL import Image

from backend.core.errors import AppError, ServerBusy
from backend.model_registry.errors import CHANGED, ModelUnavailable, WarmUpTooSlow
from backend.model_registry.zoo import Explainer
from backend.predictions.errors import ModelStarting, PredictionFailed
from models.explanation import Explanation

logger = logging.getLogger(__name__)

T = TypeVar("T")
STOPPING = "The server is stopping; try again once it is back."


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


@dataclass(frozen=True)
class _Warming:
    model_version_id: str
    folder: Path
    answer: Future[None] = field(default_factory=Future)


class InferenceService:
    """Loads the active models in the background, then explains images one at a time.

    Args:
        load: gives the model in a folder, ready to explain.
        holds: whether a folder still has the weights of a version.
        capacity: requests that may wait.
        start_wait: seconds that they wait for models that are still loading.
        timeout: seconds that they wait otherwise.
        keep_loaded: models in memory. The active ones leave it last.
    """

    def __init__(
        self,
        load: Callable[[Path], Explainer],
        holds: Callable[[Path, str], bool],
        capacity: int,
        start_wait: float,
        timeout: float,
        keep_loaded: int = 3,
    ) -> None:
        self._load = load
        self._holds = holds
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()  # None: look around
        self._places = threading.Semaphore(capacity)
        self._warmings: queue.SimpleQueue[_Warming] = queue.SimpleQueue()
        self._start_wait = start_wait
        self._timeout = timeout
        self._keep_loaded = keep_loaded
        self._loaded: OrderedDict[str, Explainer] = OrderedDict()
        self._failed: set[str] = set()
        self._held: Counter[str] = Counter()
        self._holding = threading.Lock()
        self._active: Callable[[], Collection[str]] = tuple
        self._stopping = threading.Event()
        self._registered = threading.Event()
        self._thread: threading.Thread | None = None
        self.state = InferenceState.STARTING

    def start(self, register: Callable[[], Mapping[str, Path]], active: Callable[[], Collection[str]] = tuple) -> None:
        """Start the thread.

        Args:
            register: called on it first; gives version id and folder of the models to load at once.
            active: called on it when a model must make room for another; gives the ids of those that are active now.
        """
        self._active = active
        self._thread = threading.Thread(target=self._run, args=(register,), name="inference", daemon=True)
        self._thread.start()

    def wait_until_registered(self) -> None:
        """Until it is known which models there are. Raises ``ModelStarting`` if that takes too long."""
        if not self._registered.wait(self._start_wait):
            raise ModelStarting(retry_after=5)

    def stop(self) -> None:
        """Finish the job at hand; those that wait are told that the server is going."""
        self._stopping.set()
        self._jobs.put(None)
        if self._thread:
            self._thread.join(timeout=30)
        self.state = InferenceState.STOPPED
        for waiting in (*_drain(self._jobs), *_drain(self._warmings)):
            if waiting and waiting.answer.set_running_or_notify_cancel():
                waiting.answer.set_exception(ServerBusy(STOPPING))

    def explain(self, model_version_id: str, folder: Path, image: Image.Image) -> Explanation:
        """Blocks until the explanation is there.

        Raises:
            ServerBusy: too many are waiting, or it took too long.
            ModelStarting: the active models are still loading.
            ModelUnavailable: the folder does not load, or holds another version.
            PredictionFailed: the model raised an error.
        """
        job = _Job(model_version_id, folder, image)
        if self._stopping.is_set():
            raise ServerBusy(STOPPING)
        if not self._places.acquire(blocking=False):
            raise ModelStarting() if self.state is InferenceState.STARTING else ServerBusy()
        self._jobs.put(job)
        try:
            return self._wait(job)
        finally:
            job.answer.cancel()  # nobody waits any more; without effect once it is done

    @contextmanager
    def warm(self, model_version_id: str, folder: Path, timeout: float) -> Iterator[None]:
        """Loads a model before it gets requests; within the block it stays in memory.

        It is loaded between two requests, and takes no place from those that wait: they wait for the load at most.

        Args:
            model_version_id: of the model.
            folder: of its checkpoint.
            timeout: seconds to wait for it. A load that takes longer goes on, so that the next attempt finds it done.

        Raises:
            WarmUpTooSlow: it was not loaded in time.
            ModelUnavailable: the folder does not load, or holds another version.
            ServerBusy: the server is stopping.
        """
        asked = _Warming(model_version_id, folder)
        self._hold(model_version_id, 1)
        try:
            self._warmings.put(asked)
            self._jobs.put(None)
            if self._stopping.is_set():
                raise ServerBusy(STOPPING)
            try:
                asked.answer.result(timeout)
            except FutureTimeout:
                raise WarmUpTooSlow from None
            yield
        finally:
            asked.answer.cancel()  # without effect once it has begun
            self._hold(model_version_id, -1)

    def _hold(self, model_version_id: str, change: int) -> None:
        with self._holding:
            self._held[model_version_id] += change

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
            self._warm_up()
            if job is None:
                continue
            self._places.release()
            if job.answer.set_running_or_notify_cancel():
                self._answer(job)

    def _warm_up(self) -> None:
        """Loads what is to be warm. A stop goes first."""
        for asked in _drain(self._warmings):
            if self._stopping.is_set():
                self._warmings.put(asked)  # ``stop`` answers it
                return
            if asked.answer.set_running_or_notify_cancel():
                try:
                    self._get(asked.model_version_id, asked.folder)
                except AppError as error:
                    asked.answer.set_exception(error)
                else:
                    asked.answer.set_result(None)

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
            self._make_room()
            self._loaded[model_version_id] = explainer
        self._loaded.move_to_end(model_version_id)
        return explainer

    def _make_room(self) -> None:
        """Lets those go that were not used for longest: active ones last, and none that is held."""
        if len(self._loaded) < self._keep_loaded:
            return
        try:
            active = self._active()
        except Exception:
            logger.exception("it is not known which models are active; any may leave the memory")
            active = ()
        while len(self._loaded) >= self._keep_loaded:
            free = [key for key in self._loaded if self._held[key] <= 0]
            if not free:
                return
            del self._loaded[next((key for key in free if key not in active), free[0])]

    def _load_checked(self, model_version_id: str, folder: Path) -> Explainer:
        try:
            explainer = self._load(folder)
            # After the load: a folder that changes meanwhile is noticed as well.
            unchanged = self._holds(folder, model_version_id)
        except Exception as error:
            logger.exception("cannot load the model in %s", folder)
            self._failed.add(model_version_id)
            raise ModelUnavailable from error
        if not unchanged:
            logger.error("the folder %s does not hold the weights of version %s any more", folder, model_version_id)
            self._failed.add(model_version_id)
            raise ModelUnavailable(CHANGED.format(folder=folder.name))
        self._failed.discard(model_version_id)
        return explainer


def _drain(waiting: queue.SimpleQueue[T]) -> Iterator[T]:
    """What is in it, one after the other, until it is empty."""
    while True:
        try:
            yield waiting.get_nowait()
        except queue.Empty:
            return
