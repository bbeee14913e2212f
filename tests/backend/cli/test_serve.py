"""``vitrine serve``: a real process on a real port."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from backend.cli.serve import page_address


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from backend.cli.main import app; app()", *arguments]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "VITRINE_DATA_DIR": str(tmp_path / "data"), "OMP_NUM_THREADS": "1"}


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        yield holder.getsockname()[1]


def _wait_for_address(log: Path, process: subprocess.Popen[bytes]) -> str:
    while process.poll() is None:
        if found := re.search(r"ready:  (http://127\.0\.0\.1:[1-9]\d*)\n", log.read_text("utf-8")):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(log.read_text("utf-8"))


def test_it_prints_an_address_that_answers_and_stops_on_ctrl_c(environment: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            _command("serve", "--port", "0"), env=environment, stdout=stream, stderr=subprocess.STDOUT
        )
    try:
        address = _wait_for_address(log, process)
        with urlopen(f"{address}/api/v1/health", timeout=30) as answer:
            assert answer.status == 200
    finally:
        process.send_signal(signal.SIGINT)
        returncode = process.wait(timeout=60)
    output = log.read_text("utf-8")
    assert returncode == 0, output
    assert "Not for diagnosis" in output
    assert "Traceback" not in output


def test_a_port_in_use_is_said_at_once_and_another_one_suggested(environment: dict[str, str]) -> None:
    with taken_port() as port:
        start = time.monotonic()
        done = subprocess.run(
            _command("serve", "--port", str(port)), env=environment, capture_output=True, text=True, check=False
        )
    assert done.returncode == 2
    assert f"port {port} is in use" in done.stderr
    suggested = int(re.search(r"vitrine serve --port (\d+)", done.stderr)[1])
    assert port < suggested <= port + 20
    assert "Traceback" not in done.stderr
    assert time.monotonic() - start < 30, "torch need not be loaded to say this"


@pytest.mark.parametrize(
    ("arguments", "variables", "message"),
    [
        (["--host", "no such host"], {}, "is not an address of this machine"),
        (["--host", "192.0.2.1"], {}, "'192.0.2.1' is not an address of this machine"),
        (["--port", "70000"], {}, "--port"),
        ([], {"VITRINE_PORT": "many"}, "VITRINE_PORT: Input should be a valid integer"),
        ([], {"VITRINE_LOG_LEVEL": "LOUD"}, "VITRINE_LOG_LEVEL"),
    ],
)
def test_settings_that_cannot_work_end_with_one_sentence(
    arguments: list[str], variables: dict[str, str], message: str, environment: dict[str, str]
) -> None:
    done = subprocess.run(
        _command("serve", *arguments), env=environment | variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://localhost:8000"),
        ("::1", "http://[::1]:8000"),
        ("::", "http://localhost:8000"),
        ("vitrine.example", "http://vitrine.example:8000"),
    ],
)
def test_the_printed_address_can_be_opened(host: str, address: str) -> None:
    assert page_address(host, 8000) == address
