"""The brake on guessing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient

from backend.account import service as account
from backend.auth import attempts, service
from backend.auth.attempts import Attempts
from backend.auth.errors import TooManyAttempts
from tests.support.accounts import change_row, log_in
from tests.support.people import OTHER_READER, PASSWORD, READER, become
from tests.support.server import API, assert_error

EMAIL, ADDRESS = "anna@hospital.example", "192.0.2.1"
MINUTE = 60.0
Clock = Callable[[float], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Moves the clock of the brake."""
    moment = [1_000_000.0]
    monkeypatch.setattr("limits.storage.memory.time", SimpleNamespace(time=lambda: moment[0]))
    monkeypatch.setattr(attempts, "time", SimpleNamespace(time=lambda: moment[0]))

    def forward(seconds: float) -> None:
        moment[0] += seconds

    return forward


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are compared without the slow hash."""
    for module in (service, account):
        monkeypatch.setattr(
            module, "verify_password", lambda given, known: (given == PASSWORD and known is not None, None)
        )


def taken(brake: Attempts, times: int, email: str = EMAIL, address: str = ADDRESS) -> int:
    """How many of so many attempts get through."""
    through = 0
    for _ in range(times):
        try:
            brake.count(email, address)
        except TooManyAttempts:
            continue
        brake.failed(address)
        through += 1
    return through


def wait(brake: Attempts, email: str = EMAIL, address: str = ADDRESS) -> int:
    with pytest.raises(TooManyAttempts) as caught:
        brake.count(email, address)
    return int(caught.value.headers["Retry-After"])


def test_ten_from_one_machine_in_a_quarter_of_an_hour(clock: Clock) -> None:
    brake = Attempts()
    assert taken(brake, 12) == 10
    assert taken(brake, 1, address="192.0.2.2") == 1
    assert taken(brake, 1, email="other@hospital.example") == 1
    clock(5 * MINUTE)
    assert wait(brake) == 10 * 60
    clock(9.9 * MINUTE)
    assert taken(brake, 1) == 0
    clock(0.2 * MINUTE)
    assert taken(brake, 12) == 10


def test_fifty_from_everywhere_in_an_hour(clock: Clock) -> None:
    brake = Attempts()
    assert sum(taken(brake, 10, address=f"192.0.2.{number}") for number in range(7)) == 50
    assert wait(brake, address="192.0.2.99") == 60 * 60
    clock(61 * MINUTE)
    assert taken(brake, 1, address="192.0.2.99") == 1


def test_a_hundred_from_one_machine_at_all_accounts(clock: Clock) -> None:
    brake = Attempts()
    assert sum(taken(brake, 1, email=f"{number}@hospital.example") for number in range(120)) == 100
    assert wait(brake, email="new@hospital.example") == 15 * 60
    assert taken(brake, 1, address="192.0.2.2") == 1
    with pytest.raises(TooManyAttempts):
        brake.count_address(ADDRESS)
    clock(16 * MINUTE)
    brake.count_address(ADDRESS)


def test_links_count_for_the_machine(clock: Clock) -> None:
    brake = Attempts()
    for _ in range(100):
        brake.count_address(ADDRESS)
    assert taken(brake, 1) == 0


def test_what_is_refused_does_not_count_again(clock: Clock) -> None:
    brake = Attempts()
    taken(brake, 200)
    assert taken(brake, 1, email="other@hospital.example") == 1  # 11 of 100, not 201


def test_success_forgives_the_account(clock: Clock) -> None:
    brake = Attempts()
    for _ in range(10):
        assert taken(brake, 9) == 9
        brake.forgive(EMAIL, ADDRESS)
    assert taken(brake, 20) == 10


def test_who_gets_in_does_not_count_for_the_machine(clock: Clock) -> None:
    """A whole hospital may come from one address, on Monday morning."""
    brake = Attempts()
    for number in range(300):
        brake.count(f"{number}@hospital.example", ADDRESS)
        brake.forgive(f"{number}@hospital.example", ADDRESS)


def test_one_network_is_one_machine_with_ipv6(clock: Clock) -> None:
    """Whoever has an address of IPv6 has 2^64 of them."""
    brake = Attempts()
    through = [taken(brake, 1, address=f"2001:db8:1:2::{number:x}") for number in range(1, 20)]
    assert sum(through) == 10
    assert taken(brake, 1, address="2001:db8:1:3::1") == 1


@pytest.mark.parametrize("address", ["-", "testclient", "", "::ffff:192.0.2.1", "fe80::1%eth0", "x" * 300])
def test_addresses_of_any_kind(clock: Clock, address: str) -> None:
    assert taken(Attempts(), 11, address=address) == 10


def test_a_mapped_address_is_that_machine(clock: Clock) -> None:
    brake = Attempts()
    assert taken(brake, 10) == 10
    assert taken(brake, 1, address=f"::ffff:{ADDRESS}") == 0
    assert taken(brake, 1, address="::ffff:192.0.2.7") == 1


def test_at_once() -> None:
    brake = Attempts()
    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(lambda _: taken(brake, 4), range(16))) == 10


@pytest.mark.parametrize("email", [READER.email, "nobody@hospital.example"])
def test_over_http_whether_there_is_such_an_account_or_not(
    client: TestClient, quick: None, clock: Clock, email: str
) -> None:
    for _ in range(10):
        assert_error(log_in(client, email, "wrong"), 401, "sign_in_refused")
    answer = log_in(client, email.upper(), PASSWORD)  # also the right one
    assert assert_error(answer, 429, "too_many_attempts") == "Too many attempts; wait 15 minutes, then try again."
    assert answer.headers["retry-after"] == "900"
    assert log_in(client, OTHER_READER.email).status_code == 200
    clock(15 * MINUTE + 1)
    assert log_in(client, email, "wrong").status_code == 401


def test_a_right_password_forgives(client: TestClient, quick: None, clock: Clock) -> None:
    for _ in range(9):
        log_in(client, READER.email, "wrong")
    assert log_in(client, READER.email).status_code == 200
    for _ in range(10):
        assert log_in(client, READER.email, "wrong").status_code == 401
    assert log_in(client, READER.email).status_code == 429


def test_the_right_password_of_a_deactivated_account_forgives_nothing(
    client: TestClient, quick: None, clock: Clock
) -> None:
    """Else whoever guesses would learn from it that the password was right."""
    change_row(client, READER, active=False)
    answers = [log_in(client, READER.email).status_code for _ in range(11)]
    assert answers == [401] * 10 + [429]


def test_links_are_braked_too(client: TestClient, clock: Clock) -> None:
    become(client, None)
    path = f"{API}/auth/links/inspect"
    answers = [client.post(path, json={"token": f"guess-{number}"}).status_code for number in range(101)]
    assert answers == [404] * 100 + [429]
    accept = client.post(f"{API}/auth/links/accept", json={"token": "guess", "password": PASSWORD})
    assert accept.headers["retry-after"] == "900"


def test_the_current_password_cannot_be_guessed_from_an_open_browser(
    client: TestClient, quick: None, clock: Clock
) -> None:
    become(client, READER)
    body = {"current_password": "wrong", "new_password": "gravel-octopus-lantern-63"}
    for _ in range(10):
        assert_error(client.post(f"{API}/account/password", json=body), 400, "wrong_password")
    assert_error(client.post(f"{API}/account/password", json=body), 429, "too_many_attempts")
    right = {"current_password": PASSWORD, "new_password": "gravel-octopus-lantern-63"}
    assert_error(client.post(f"{API}/account/password", json=right), 429, "too_many_attempts")
