"""The inference thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
from PIL import Image

from backend.core.errors import ServerBusy
from backend.model_registry.errors import ModelUnavailable, WarmUpTooSlow
from backend.predictions.errors import ModelStarting, PredictionFailed, RequestAbandoned
from backend.predictions.inference import InferenceService, InferenceState
from models.explanation import Explanation
from tests.support.explainer import ColourExplainer, mean_colour_score


def image() -> AbstractContextManager[Image.Image]:
    """As a request opens one."""
    return nullcontext(Image.new("RGB", (8, 8), "red"))


FOLDER = Path("model")


class Loader:
    """Counts; waits and fails on demand."""

    def __init__(self) -> None:
        self.explainer = ColourExplainer()
        self.calls: list[Path] = []
        self.gate: threading.Event | None = None
        self.error: Exception | None = None
        self.changed: set[tuple[Path, str]] = set()

    def __call__(self, folder: Path) -> ColourExplainer:
        self.calls.append(folder)
        if self.gate:
            self.gate.wait(10)
        if self.error:
            raise self.error
        return self.explainer

    def holds(self, folder: Path, model_version_id: str) -> bool:
        return (folder, model_version_id) not in self.changed


@pytest.fixture
def loader() -> Loader:
    return Loader()


@pytest.fixture
def service(loader: Loader) -> Iterator[InferenceService]:
    service = InferenceService(loader, loader.holds, capacity=2, start_wait=5, timeout=5, keep_loaded=2)
    yield service
    if loader.gate:
        loader.gate.set()
    if loader.explainer.gate:
        loader.explainer.gate.set()
    service.stop()


def wait_for(condition: object, seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


def test_active_models_are_loaded_before_the_first_request(service: InferenceService, loader: Loader) -> None:
    service.start(lambda: {"a": FOLDER})
    wait_for(lambda: service.state is InferenceState.READY)
    assert loader.calls == [FOLDER]
    assert service.loaded("a") is loader.explainer
    assert service.explain("a", FOLDER, image).class_keys[0] == "mel"
    assert loader.calls == [FOLDER]


def test_everything_runs_on_one_thread(service: InferenceService, loader: Loader) -> None:
    service.start(lambda: {"a": FOLDER})
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: service.explain("a", FOLDER, image), range(2)))
    assert loader.explainer.threads == {"inference"}
    assert loader.explainer.most_running == 1


def test_a_full_queue_is_said_at_once(service: InferenceService, loader: Loader) -> None:
    loader.explainer.gate = threading.Event()
    service.start(lambda: {"a": FOLDER})
    wait_for(lambda: service.state is InferenceState.READY)
    with ThreadPoolExecutor(3) as pool:
        running = pool.submit(service.explain, "a", FOLDER, image)
        wait_for(lambda: loader.explainer.running == 1)
        waiting = [pool.submit(service.explain, "a", FOLDER, image) for _ in range(2)]
        wait_for(lambda: service.waiting == 2)
        start = time.monotonic()
        with pytest.raises(ServerBusy) as caught:
            service.explain("a", FOLDER, image)
        assert time.monotonic() - start < 1
        assert caught.value.headers["Retry-After"]
        loader.explainer.gate.set()
        assert all(future.result(5) for future in [running, *waiting])


def test_who_gave_up_is_not_explained(loader: Loader) -> None:
    service = InferenceService(loader, loader.holds, capacity=5, start_wait=5, timeout=0.1)
    loader.explainer.gate = threading.Event()
    service.start(lambda: {"a": FOLDER})
    for _ in range(3):
        with pytest.raises(ServerBusy, match="too long"):
            service.explain("a", FOLDER, image)
    seen = len(loader.explainer.threads)
    loader.explainer.gate.set()
    loader.explainer.gate = None
    wait_for(lambda: service.waiting == 0)
    assert seen == 1
    service.stop()
    assert loader.explainer.calls == 1


def test_starting_is_said_after_the_wait(loader: Loader) -> None:
    loader.gate = threading.Event()
    service = InferenceService(loader, loader.holds, capacity=2, start_wait=0.05, timeout=5)
    service.start(lambda: {"a": FOLDER})
    with pytest.raises(ModelStarting):
        service.explain("a", FOLDER, image)
    loader.gate.set()
    service.stop()


def test_registration_is_waited_for(loader: Loader) -> None:
    gate = threading.Event()
    service = InferenceService(loader, loader.holds, capacity=2, start_wait=0.05, timeout=5)

    def register() -> dict[str, Path]:
        gate.wait(10)
        return {}

    service.start(register)
    with pytest.raises(ModelStarting):
        service.wait_until_registered()
    gate.set()
    wait_for(lambda: service.state is InferenceState.READY)
    service.wait_until_registered()
    service.stop()


def test_failed_registration_does_not_end_the_service(service: InferenceService) -> None:
    def fail() -> dict[str, Path]:
        raise RuntimeError("database is gone")

    service.start(fail)
    service.wait_until_registered()
    assert service.explain("a", FOLDER, image).predicted_class


def test_a_model_that_does_not_load_stops_nobody_else(service: InferenceService, loader: Loader) -> None:
    loader.error = ValueError("no checkpoint")
    service.start(lambda: {"a": FOLDER})
    with pytest.raises(ModelUnavailable):
        service.explain("a", FOLDER, image)
    assert service.has_failed("a")
    loader.error = None
    assert service.explain("a", FOLDER, image).predicted_class
    assert not service.has_failed("a")


def test_a_folder_that_holds_other_weights_is_refused_in_words(service: InferenceService, loader: Loader) -> None:
    loader.changed.add((FOLDER, "a"))
    service.start(lambda: {"a": FOLDER})
    with pytest.raises(ModelUnavailable, match="other weights than when the model was registered"):
        service.explain("a", FOLDER, image)
    assert service.has_failed("a")
    assert service.loaded("a") is None
    loader.changed.clear()
    assert service.explain("a", FOLDER, image).predicted_class


def test_errors_of_the_model_reach_only_their_request(service: InferenceService, loader: Loader) -> None:
    service.start(lambda: {"a": FOLDER})
    loader.explainer.error = MemoryError()
    with pytest.raises(PredictionFailed):
        service.explain("a", FOLDER, image)
    loader.explainer.error = None
    assert service.explain("a", FOLDER, image).predicted_class


def _busy(service: InferenceService, loader: Loader, pool: ThreadPoolExecutor) -> Future[Explanation]:
    """A pass that goes on until the explainer's gate is opened."""
    loader.explainer.gate = threading.Event()
    service.start(lambda: {"a": FOLDER})
    wait_for(lambda: service.state is InferenceState.READY)
    running = pool.submit(service.explain, "a", FOLDER, image)
    wait_for(lambda: loader.explainer.running == 1)
    return running


def _coloured(value: int) -> Callable[[], AbstractContextManager[Image.Image]]:
    return lambda: nullcontext(Image.new("RGB", (8, 8), (value, 0, 0)))


def test_who_waits_goes_together_and_gets_their_own(loader: Loader) -> None:
    service = InferenceService(loader, loader.holds, capacity=9, start_wait=5, timeout=5, batch=4)
    values = range(0, 240, 40)
    with ThreadPoolExecutor(8) as pool:
        running = _busy(service, loader, pool)
        waiting = [pool.submit(service.explain, "a", FOLDER, _coloured(value), str(value)) for value in values]
        wait_for(lambda: service.waiting == 6)
        loader.explainer.gate.set()  # type: ignore[union-attr]
        scores = [float(future.result(5).scores[0]) for future in waiting]
        running.result(5)
    service.stop()
    assert loader.explainer.batches == [1, 4, 2]
    assert scores == [pytest.approx(mean_colour_score((value, 0, 0))) for value in values]
    assert loader.explainer.threads == {"inference"}


def test_an_image_that_fails_harms_nobody_it_went_with(loader: Loader, monkeypatch: pytest.MonkeyPatch) -> None:
    service = InferenceService(loader, loader.holds, capacity=9, start_wait=5, timeout=5)
    explain = loader.explainer.explain

    def fragile(picture: Image.Image) -> Explanation:
        if picture.getpixel((0, 0)) == (80, 0, 0):
            raise MemoryError
        return explain(picture)

    with ThreadPoolExecutor(8) as pool:
        _busy(service, loader, pool)
        monkeypatch.setattr(loader.explainer, "explain", fragile)
        waiting = {value: pool.submit(service.explain, "a", FOLDER, _coloured(value)) for value in (0, 80, 160)}
        wait_for(lambda: service.waiting == 3)
        loader.explainer.gate.set()  # type: ignore[union-attr]
        assert isinstance(waiting.pop(80).exception(5), PredictionFailed)
        for value, future in waiting.items():
            assert float(future.result(5).scores[0]) == pytest.approx(mean_colour_score((value, 0, 0)))
    service.stop()


def test_who_is_gone_leaves_the_queue(loader: Loader) -> None:
    service = InferenceService(loader, loader.holds, capacity=1, start_wait=5, timeout=5)
    with ThreadPoolExecutor(3) as pool:
        running = _busy(service, loader, pool)
        with pytest.raises(RequestAbandoned):
            service.explain("a", FOLDER, image, gone=lambda: True)
        assert service.waiting == 0
        next_one = pool.submit(service.explain, "a", FOLDER, image)  # there is a place again
        loader.explainer.gate.set()  # type: ignore[union-attr]
        assert running.result(5).predicted_class
        assert next_one.result(5).predicted_class
    service.stop()
    assert loader.explainer.calls == 2


def test_one_who_is_alone_never_waits_for_company(loader: Loader) -> None:
    service = InferenceService(loader, loader.holds, capacity=9, start_wait=5, timeout=5, patience=30)
    service.start(lambda: {"a": FOLDER})
    start = time.monotonic()
    for _ in range(3):
        service.explain("a", FOLDER, image)
    assert time.monotonic() - start < 5
    service.stop()


def test_only_so_many_models_stay_in_memory(service: InferenceService, loader: Loader) -> None:
    service.start(dict)
    for name in ("a", "b", "a", "c"):
        service.explain(name, Path(name), image)
    assert service.loaded("b") is None  # not used for longest
    assert service.loaded("a") is not None
    assert loader.calls == [Path("a"), Path("b"), Path("c")]


def test_stopping_answers_those_who_wait(loader: Loader) -> None:
    service = InferenceService(loader, loader.holds, capacity=3, start_wait=5, timeout=10)
    loader.explainer.gate = threading.Event()
    service.start(lambda: {"a": FOLDER})
    with ThreadPoolExecutor(4) as pool:
        running = pool.submit(service.explain, "a", FOLDER, image)
        wait_for(lambda: loader.explainer.running == 1)
        waiting = pool.submit(service.explain, "a", FOLDER, image)
        wait_for(lambda: service.waiting == 1)
        stopping = pool.submit(service.stop)
        time.sleep(0.05)
        loader.explainer.gate.set()
        stopping.result(5)
        assert running.result(5).predicted_class
        with pytest.raises(ServerBusy, match="stopping"):
            waiting.result(5)
    with pytest.raises(ServerBusy, match="stopping"):
        service.explain("a", FOLDER, image)


def test_active_models_leave_the_memory_last(service: InferenceService, loader: Loader) -> None:
    service.start(lambda: {"a": FOLDER}, lambda: {"a"})
    for name in ("b", "c", "d"):  # two places, and "a" was not used for longest each time
        service.explain(name, Path(name), image)
    assert service.loaded("a") is not None
    assert [service.loaded(name) is not None for name in "bcd"] == [False, False, True]
    assert loader.calls.count(FOLDER) == 1


def test_of_active_models_alone_the_one_not_used_for_longest_leaves(service: InferenceService) -> None:
    service.start(lambda: {"a": FOLDER, "b": FOLDER}, lambda: {"a", "b", "c"})
    service.explain("a", FOLDER, image)
    service.explain("c", FOLDER, image)
    assert [service.loaded(name) is not None for name in "abc"] == [True, False, True]


def test_not_knowing_which_are_active_stops_nobody(service: InferenceService) -> None:
    def unknown() -> set[str]:
        raise RuntimeError("database is gone")

    service.start(dict, unknown)
    for name in "abc":
        assert service.explain(name, FOLDER, image).predicted_class
    assert service.loaded("a") is None


def test_a_warm_model_stays_until_it_is_let_go(service: InferenceService, loader: Loader) -> None:
    service.start(dict)
    with service.warm("new", Path("new"), 5):
        assert service.loaded("new") is loader.explainer
        for name in ("b", "c"):
            service.explain(name, Path(name), image)
        assert service.loaded("new") is not None
    service.explain("d", Path("d"), image)
    service.explain("e", Path("e"), image)
    assert service.loaded("new") is None
    assert loader.calls.count(Path("new")) == 1


def test_warming_takes_no_place_of_those_who_wait_and_they_are_answered(
    service: InferenceService, loader: Loader
) -> None:
    service.start(lambda: {"a": FOLDER})
    wait_for(lambda: service.state is InferenceState.READY)
    loader.gate = threading.Event()
    with ThreadPoolExecutor(3) as pool:
        warming = pool.submit(_warm, service, "new", 10)
        wait_for(lambda: Path("new") in loader.calls)
        waiting = [pool.submit(service.explain, "a", FOLDER, image) for _ in range(2)]  # as many as may wait
        wait_for(lambda: service.waiting == 2)
        assert not warming.done()
        assert not any(future.done() for future in waiting)
        loader.gate.set()
        assert all(future.result(5).predicted_class for future in waiting)
        warming.result(5)


def test_a_model_that_is_not_loaded_in_time_is_there_the_next_time(service: InferenceService, loader: Loader) -> None:
    service.start(lambda: {"a": FOLDER})
    wait_for(lambda: service.state is InferenceState.READY)
    loader.gate = threading.Event()
    with pytest.raises(WarmUpTooSlow):
        _warm(service, "new", 0.05)
    loader.gate.set()
    _warm(service, "new", 5)
    assert loader.calls.count(Path("new")) <= 2  # one more if it had not begun when it was given up
    assert service.loaded("new") is not None


def test_a_model_that_cannot_be_warmed_changes_nothing(service: InferenceService, loader: Loader) -> None:
    service.start(lambda: {"a": FOLDER})
    wait_for(lambda: service.state is InferenceState.READY)
    loader.error = ValueError("no checkpoint")
    with pytest.raises(ModelUnavailable):
        _warm(service, "new", 5)
    assert service.explain("a", FOLDER, image).predicted_class
    assert service.loaded("new") is None


def test_stopping_answers_who_wants_a_model_warm(loader: Loader) -> None:
    service = InferenceService(loader, loader.holds, capacity=3, start_wait=5, timeout=10)
    loader.explainer.gate = threading.Event()
    service.start(lambda: {"a": FOLDER})
    with ThreadPoolExecutor(3) as pool:
        running = pool.submit(service.explain, "a", FOLDER, image)
        wait_for(lambda: loader.explainer.running == 1)
        warming = pool.submit(_warm, service, "new", 10)
        wait_for(lambda: service.waiting == 1)
        stopping = pool.submit(service.stop)
        time.sleep(0.05)
        loader.explainer.gate.set()
        stopping.result(5)
        assert running.result(5).predicted_class
        with pytest.raises(ServerBusy, match="stopping"):
            warming.result(5)
    with pytest.raises(ServerBusy, match="stopping"):
        _warm(service, "new", 5)


def _warm(service: InferenceService, name: str, timeout: float) -> None:
    with service.warm(name, Path(name), timeout):
        pass
