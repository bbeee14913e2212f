"""The process that decodes: each file in a copy of its own, limited before it looks at the file."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.core.settings import ROOT
from backend.intake import child
from backend.intake.limits import Limits
from backend.intake.order import MAX_ANSWER, Answer, Order
from tests.support.images import encoded, gradient

MIB = 1024 * 1024


def order_of(folder: Path, **changes: Any) -> Order:
    out = folder / "out"
    out.mkdir(exist_ok=True)
    (folder / "upload").write_bytes(encoded(gradient()))
    told: dict[str, Any] = {
        "source": folder / "upload", "folder": out, "secret": "00" * 32, "seconds": 5.0, "memory_bytes": 4096 * MIB,
        "limits": Limits(max_pixels=10**6, max_values=10**6), "output_bytes": MIB, "total_bytes": 2 * MIB,
    }  # fmt: skip
    return Order(**(told | changes))


@pytest.fixture
def process() -> Iterator[subprocess.Popen[bytes]]:
    started = subprocess.Popen(
        [sys.executable, "-P", "-m", "backend.intake.child"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    yield started
    started.kill()
    started.wait()
    for pipe in (started.stdin, started.stdout):
        pipe.close()


def ask(process: subprocess.Popen[bytes], order: Order) -> Answer:
    process.stdin.write(order.model_dump_json().encode() + b"\n")
    process.stdin.flush()
    return Answer.model_validate_json(process.stdout.readline())


def test_one_file_after_the_other(process: subprocess.Popen[bytes], tmp_path: Path) -> None:
    for _ in range(2):
        answer = ask(process, order_of(tmp_path))
        assert answer.said.startswith('{"account"')
        assert (answer.late, answer.flooded, answer.signal) == (False, False, 0)


def test_it_ends_with_its_input(process: subprocess.Popen[bytes]) -> None:
    process.stdin.close()
    assert process.wait(30) == 1


def test_what_waits_for_ever_is_killed(process: subprocess.Popen[bytes], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert ask(process, order_of(tmp_path, source=tmp_path / "pipe", seconds=0.3)).late
    assert ask(process, order_of(tmp_path)).said.startswith('{"account"')


def test_output_larger_than_allowed_is_an_answer(process: subprocess.Popen[bytes], tmp_path: Path) -> None:
    assert "image_too_large" in ask(process, order_of(tmp_path, output_bytes=100)).said


# What a decoder that went wrong would do, instead of ``decode``; in a copy of this very process.
def run_with(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, misbehave: Any, **changes: Any) -> Answer:
    monkeypatch.setattr(child, "decode", misbehave)
    # Standard input must not look as if the server were gone.
    reader, writer = os.pipe()
    saved = os.dup(0)
    os.dup2(reader, 0)
    try:
        return child._in_a_copy(order_of(tmp_path, **changes))
    finally:
        os.dup2(saved, 0)
        for handle in (reader, writer, saved):
            os.close(handle)


def crash(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_crash_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert run_with(monkeypatch, tmp_path, crash).signal == signal.SIGKILL


def panic(*_: Any) -> None:
    raise BaseException("Jane Doe")  # as decoders in Rust do


def test_any_error_is_damage_and_its_text_is_not_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answer = run_with(monkeypatch, tmp_path, panic)
    assert "damaged_image" in answer.said
    assert "test_child.py" in answer.said
    assert "Jane" not in answer.said


def leave(*_: Any) -> None:
    sys.exit(0)


def test_nothing_leaves_the_copy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "damaged_image" in run_with(monkeypatch, tmp_path, leave).said


def hoard(*_: Any) -> None:
    kept = [bytearray(64 * MIB) for _ in range(1000)]
    raise ValueError(len(kept))


def test_memory_is_limited(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    in_use = resource.getpagesize() * int(Path("/proc/self/statm").read_text().split()[0])
    answer = run_with(monkeypatch, tmp_path, hoard, memory_bytes=in_use + 512 * MIB)
    assert "image_too_large" in answer.said
    assert "memory" in answer.said


def spin(*_: Any) -> None:
    while True:
        pass


def test_time_is_limited(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert run_with(monkeypatch, tmp_path, spin, seconds=0.2).late


def flood(_: Path, folder: Path, *__: Any) -> None:
    for number in range(100_000):
        (folder / f"{number}").write_bytes(b"x" * 100_000)
        time.sleep(0.001)


def test_many_files_are_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert run_with(monkeypatch, tmp_path, flood).flooded


class _Long:
    def model_dump(self, mode: str) -> dict[str, str]:
        return {"width": "x" * (MAX_ANSWER + 10)}


def test_an_endless_answer_is_cut(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert run_with(monkeypatch, tmp_path, lambda *_: _Long()).flooded


def test_limits_are_set_and_hard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def limits(*_: Any) -> Any:
        names = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE")
        found = {name: resource.getrlimit(getattr(resource, name)) for name in names}
        assert all(soft == hard != resource.RLIM_INFINITY for soft, hard in found.values())
        return type("Told", (), {"model_dump": lambda self, mode: found})()

    answer = run_with(monkeypatch, tmp_path, limits)
    assert '"RLIMIT_CORE": [0, 0]' in answer.said
    assert f'"RLIMIT_FSIZE": [{MIB}, {MIB}]' in answer.said
