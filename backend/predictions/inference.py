"""The one thread that runs models.

Torch's threads belong to whoever called it, and an idle second caller slows the first one down, so every torch call of
the server happens here: loading and explaining, from a bounded queue. Who waits goes together with others for the same
model, in turns of people; decoding and resizing are done before, by whoever asks. A full queue is said at once, with
``Retry-After``, rather than letting requests pile up. A version that is to become the active one is loaded here ahead
of its traffic, between two passes.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from backend.core.errors import AppError, ServerBusy
from backend.model_registry.errors import CHANGED, ModelUnavailable, WarmUpTooSlow
from backend.model_registry.zoo import Explainer
from backend.predictions.errors import ModelStarting, PredictionFailed, RequestAbandoned
from backend.predictions.waiting import Job, Opened, WaitingRoom
from models.explanation import Explanation

logger = logging.getLogger(__name__)

T = TypeVar("T")
STOPPING = "The server is stopping; try again once it is back."
_LOOK_EVERY = 0.25  # seconds after which somebody who waits is looked for


class InferenceState(StrEnum):
    """``starting``: finding and loading the active models."""

    STARTING = "starting"
    READY = "ready"
    STOPPED = "stopped"


@dataclass(frozen=True)
class _Warming:
    model_version_id: str
    folder: Path
    answer: Future[None] = field(default_factory=Future)


class InferenceService:
    """Loads the active models in the background, then explains images, those that wait together.

    Args:
        load: gives the model in a folder, ready to explain.
        holds: whether a folder still has the weights of a version.
        capacity: requests that may wait.
        start_wait: seconds that they wait for models that are still loading.
        timeout: seconds that they wait otherwise.
        keep_loaded: models in memory. The active ones leave it last.
        batch: images that go together at most.
        patience: seconds that a pass waits for more images, if the one before had company; someone alone never waits.
    """

    def __init__(
        self,
        load: Callable[[Path], Explainer],
        holds: Callable[[Path, str], bool],
        capacity: int,
        start_wait: float,
        timeout: float,
        keep_loaded: int = 3,
        batch: int = 16,
        patience: float = 0.003,
    ) -> None:
        self._load = load
        self._holds = holds
        self._room = WaitingRoom(capacity)
        self._batch = batch
        self._patience = patience
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
        """Finish the pass at hand; those that wait are told that the server is going."""
        self._stopping.set()
        self._room.wake()
        if self._thread:
            self._thread.join(timeout=30)
        self.state = InferenceState.STOPPED
        answers: list[Future[Any]] = [job.answer for job in self._room.empty()]
        for answer in (*answers, *(asked.answer for asked in _drain(self._warmings))):
            if answer.set_running_or_notify_cancel():
                answer.set_exception(ServerBusy(STOPPING))

    def explain(
        self,
        model_version_id: str,
        folder: Path,
        opened: Opened,
        client: str = "",
        gone: Callable[[], bool] | None = None,
    ) -> Explanation:
        """Blocks until the explanation is there.

        Args:
            model_version_id: of the model.
            folder: of its checkpoint.
            opened: opens the image for as long as the block lasts. Made ready for the model at once, on the calling
                thread, so that whoever waits holds no picture; only if the model is still to be loaded, later.
            client: who asks; clients take turns.
            gone: asked now and then whether nobody waits for the answer any more.

        Raises:
            ServerBusy: too many are waiting, or it took too long.
            ModelStarting: the active models are still loading.
            ModelUnavailable: the folder does not load, or holds another version.
            PredictionFailed: the model raised an error.
            RequestAbandoned: ``gone`` said so.
        """
        explainer = self._loaded.get(model_version_id)
        prepared = None if explainer is None else _prepared(explainer, opened)
        job = Job(model_version_id, folder, opened, prepared, client)
        if not self._room.enter(job):
            raise ModelStarting() if self.state is InferenceState.STARTING else ServerBusy()
        try:
            if self._stopping.is_set():
                raise ServerBusy(STOPPING)
            return self._wait(job, gone)
        finally:
            job.answer.cancel()  # nobody waits any more; without effect once it is done
            self._room.leave(job)

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
            self._room.wake()
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

    def _wait(self, job: Job, gone: Callable[[], bool] | None) -> Explanation:
        begun = time.monotonic()
        starting = self.state is InferenceState.STARTING
        while True:
            waited = time.monotonic() - begun
            if starting and self.state is InferenceState.STARTING and waited >= self._start_wait:
                raise ModelStarting(retry_after=5)
            if waited >= self._timeout + (self._start_wait if starting else 0):
                raise ServerBusy("The prediction took too long and was given up; try again later.")
            left = (self._start_wait if self.state is InferenceState.STARTING else self._timeout) - waited
            try:
                return job.answer.result(min(_LOOK_EVERY, max(left, 0.001)))
            except FutureTimeout:
                if gone is not None and gone():
                    raise RequestAbandoned from None

    @property
    def waiting(self) -> int:
        """How many requests wait for the model or for one to be loaded."""
        return len(self._room) + self._warmings.qsize()

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
        alone = True
        while not self._stopping.is_set():
            jobs = self._room.next(self._batch, 0.0 if alone else self._patience)
            self._warm_up()
            wanted = [job for job in jobs if job.answer.set_running_or_notify_cancel()]
            if wanted:
                alone = len(wanted) == 1
                self._answer(wanted)

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

    def _answer(self, jobs: list[Job]) -> None:
        """Explains images for one model together. If that fails, each by itself, so that one harms no other."""
        try:
            explainer = self._get(jobs[0].model_version_id, jobs[0].folder)
            prepared = [_prepared(explainer, job.opened) if job.prepared is None else job.prepared for job in jobs]
            explanations = explainer.explain_all(prepared)
        except AppError as error:
            for job in jobs:
                job.answer.set_exception(error)
        except Exception as error:
            logger.exception("model %s failed on %d images", jobs[0].model_version_id, len(jobs))
            if len(jobs) > 1:
                for job in jobs:
                    self._answer([job])
                return
            failure = PredictionFailed()
            failure.__cause__ = error
            jobs[0].answer.set_exception(failure)
        else:
            for job, explanation in zip(jobs, explanations, strict=True):
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


def _prepared(explainer: Explainer, opened: Opened) -> Any:
    with opened() as image:
        return explainer.prepare(image)


def _drain(waiting: queue.SimpleQueue[T]) -> Iterator[T]:
    """What is in it, one after the other, until it is empty."""
    while True:
        try:
            yield waiting.get_nowait()
        except queue.Empty:
            return
