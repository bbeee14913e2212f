"""``vitrine serve``: a real process on a real port."""

import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.request import urlopen

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from backend.cli.serve import listen, page_address
from tests.support.people import PASSWORD


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from backend.cli.main import app; app()", *arguments]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "VITRINE_DATA_DIR": str(tmp_path / "data"),
        "VITRINE_EMBEDDED_WORKER": "false",  # tests/worker has them
        "OMP_NUM_THREADS": "1",
    }


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        yield holder.getsockname()[1]


def test_small_answers_are_sent_at_once() -> None:
    """Connections inherit what the listening socket says; without it every answer waits 40 ms (Nagle)."""
    with (
        closing(listen("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()),
        listener.accept()[0] as connection,
    ):
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def _wait_for_address(log: Path, process: subprocess.Popen[bytes]) -> str:
    while process.poll() is None:
        if found := re.search(r"ready:  (https?://127\.0\.0\.1:[1-9]\d*)\n", log.read_text("utf-8")):
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


@contextmanager
def served(environment: dict[str, str], folder: Path, *arguments: str) -> Iterator[tuple[str, str]]:
    """A server; its address and what it printed."""
    log = folder / "log.txt"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            _command("serve", "--port", "0", *arguments), env=environment, stdout=stream, stderr=subprocess.STDOUT
        )
    try:
        address = _wait_for_address(log, process)
        _wait_for(lambda: "(Ctrl+C" in log.read_text("utf-8"), process)
        yield address, log.read_text("utf-8")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def _wait_for(condition: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None and not condition():
        time.sleep(0.05)


def test_the_first_start_prints_what_to_sign_in_with(environment: dict[str, str], tmp_path: Path) -> None:
    with served(environment, tmp_path) as (address, _):
        time.sleep(0.2)  # it stands below the address
        output = (tmp_path / "log.txt").read_text("utf-8")
        email, password = (re.search(rf"{word} +(\S+)\n", output)[1] for word in ("e-mail", "password"))
        signed_in = httpx.post(f"{address}/api/v1/auth/login", json={"email": email, "password": password})
        assert signed_in.status_code == 200
        assert signed_in.json()["account"]["must_change_password"] is True
        data = Path(environment["VITRINE_DATA_DIR"])
        for path in (data, *data.rglob("*")):
            assert path.stat().st_mode & 0o077 == 0, path  # nobody else's to read
    with served(environment, tmp_path) as (_, output):
        assert "one-time password" not in output  # somebody has signed in


def test_what_others_could_guess_is_refused_where_others_can_come_in(environment: dict[str, str]) -> None:
    for password in ("changethis123", "letmein99", "Hospital2026!"):
        variables = {"VITRINE_ADMIN_PASSWORD": password, "VITRINE_HOST": "0.0.0.0"}
        done = subprocess.run(
            _command("serve", "--port", "0"),
            env=environment | variables,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 2, password
        assert "VITRINE_ADMIN_PASSWORD" in done.stderr
        assert password not in done.stderr
        assert "Traceback" not in done.stderr


def test_with_a_certificate_it_speaks_https(environment: dict[str, str], tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    variables = {"VITRINE_TLS_CERTIFICATE": str(certificate), "VITRINE_TLS_KEY": str(key)}
    variables |= {"VITRINE_ADMIN_EMAIL": "a@b.example", "VITRINE_ADMIN_PASSWORD": PASSWORD}
    with served(environment | variables, tmp_path) as (address, _):
        assert address.startswith("https://")
        trust = ssl.create_default_context(cafile=str(certificate))
        body = {"email": "a@b.example", "password": PASSWORD}
        answer = httpx.post(f"{address}/api/v1/auth/login", json=body, verify=trust)
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-vitrine_session=")
    assert "Secure" in cookie
    assert "max-age=" in answer.headers["strict-transport-security"]


@pytest.mark.parametrize(("proxies", "address", "secure"), [("", "127.0.0.1", False), ("127.0.0.1", "192.0.2.7", True)])
def test_only_named_proxies_are_believed(
    proxies: str, address: str, secure: bool, environment: dict[str, str], tmp_path: Path
) -> None:
    variables = {"VITRINE_ADMIN_EMAIL": "a@b.example", "VITRINE_ADMIN_PASSWORD": PASSWORD}
    if proxies:
        variables["VITRINE_TRUSTED_PROXIES"] = proxies
    with served(environment | variables, tmp_path) as (url, _):
        headers = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}
        with httpx.Client(base_url=url, headers=headers) as client:
            answer = client.post("/api/v1/auth/login", json={"email": "a@b.example", "password": PASSWORD})
            cookie = answer.headers["set-cookie"]
            client.headers["cookie"] = cookie.partition(";")[0]
            (session,) = client.get("/api/v1/account/sessions").json()["items"]
    assert session["address"] == address
    assert ("Secure" in cookie) is secure


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    moment = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, private


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
        ([], {"VITRINE_ADMIN_EMAIL": "nobody"}, "VITRINE_ADMIN_EMAIL: 'nobody' is not an e-mail address"),
        ([], {"VITRINE_TLS_KEY": "/nowhere"}, "tls_certificate and tls_key are given together"),
        ([], {"VITRINE_TLS_KEY": "/nowhere", "VITRINE_TLS_CERTIFICATE": "/none"}, "there is no file /none"),
        ([], {"VITRINE_OIDC_ISSUER": "https://login.example"}, "oidc_client_id is missing"),
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
