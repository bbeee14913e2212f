"""Progress on a terminal and in a log."""

import io

import pytest

from backend.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("backend.cli.progress.time.monotonic", lambda: now[0])
    return now


def test_a_log_gets_a_line_per_stage_and_tenth(clock: list[float]) -> None:
    log = io.StringIO()
    progress = Progress(log)
    for done in range(1, 2001):
        clock[0] += 0.05
        progress("Reading", done, 2000, "images")
    progress("Comparing", 50, 100)
    progress("Comparing", 100, 100)
    lines = log.getvalue().splitlines()
    assert [line.split(":")[1].split("%")[0].strip() for line in lines[:-2]] == [str(10 * n) for n in range(1, 10)]
    assert lines[0] == "Reading: 10 %  200 of 2,000 images"
    assert lines[-2:] == ["Reading    2,000 images, 2 min", "Comparing  0 s"]


def test_a_log_is_told_now_and_then_that_slow_work_goes_on(clock: list[float]) -> None:
    log = io.StringIO()
    progress = Progress(log)
    for done in range(256, 5120, 256):
        clock[0] += 16
        progress("Listing", done, 0, "images")
    assert log.getvalue().splitlines()[0] == "Listing: 768 images"
    assert 8 <= len(log.getvalue().splitlines()) <= 10


def test_quick_work_leaves_a_log_one_line(clock: list[float]) -> None:
    log = io.StringIO()
    progress = Progress(log)
    for done in range(1, 101):
        progress("Writing", done, 100)
    assert log.getvalue() == "Writing    0 s\n"


def test_a_terminal_shows_a_bar_and_what_is_left(clock: list[float]) -> None:
    terminal = Terminal()
    progress = Progress(terminal)
    for done in (0, 25, 50):
        progress("Reading", done, 100, "images")
        clock[0] += 5
    shown = terminal.getvalue().split("\r\x1b[K")
    assert shown[-1] == "Reading    [############------------]  50 %  50 of 100 images, 10 s left"
    assert "\n" not in terminal.getvalue()
    progress("Reading", 100, 100, "images")
    assert terminal.getvalue().endswith("\r\x1b[KReading    100 images, 15 s\n")


def test_a_stage_that_is_broken_off_leaves_the_line_to_the_error(clock: list[float]) -> None:
    terminal = Terminal()
    progress = Progress(terminal)
    progress("Reading", 1, 100, "images")
    progress.close()
    progress.close()
    assert terminal.getvalue().endswith("images\n")
    assert terminal.getvalue().count("\n") == 1
