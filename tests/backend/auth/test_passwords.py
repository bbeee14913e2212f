"""How passwords are kept, and which are too weak."""

from __future__ import annotations

import time

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from backend.auth.errors import WeakPassword
from backend.auth.passwords import check_strength, hash_password, verify_password
from tests.support.people import HASH, PASSWORD

ABOUT = ["anna-lena.schmidt@hospital.example", "Anna-Lena Schmidt"]


def reason(password: str) -> str:
    with pytest.raises(WeakPassword) as caught:
        check_strength(password, ABOUT)
    return caught.value.detail


def test_a_hash_has_a_salt_of_its_own() -> None:
    first, second = hash_password(PASSWORD), hash_password(PASSWORD)
    assert first != second
    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert verify_password(PASSWORD, first) == (True, None)
    assert verify_password(PASSWORD + " ", second) == (False, None)


def test_nobody_is_nobody_whatever_the_password() -> None:
    assert verify_password("nobody has this password", None) == (False, None)
    assert verify_password("", "") == (False, None)
    assert verify_password("x", "x") == (False, None)


def test_an_outdated_hash_is_renewed() -> None:
    hasher = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=1024),))
    weak = hasher.hash(PASSWORD)
    right, better = verify_password(PASSWORD, weak)
    assert right
    assert better is not None
    assert better.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert verify_password("wrong", weak) == (False, None)
    assert verify_password(PASSWORD, HASH) == (True, None)


@pytest.mark.parametrize(
    "password",
    [
        "annalenaschmidt",
        "Schmidt.Anna-2026",
        "LENA schmidt 1984",
        "hospitalhospital",
        "hospital.example!",
        "Vitrine-12345",
    ],
)
def test_what_belongs_to_somebody_counts_for_nothing(password: str) -> None:
    assert PASSWORD not in reason(password)


def test_what_to_do_is_said() -> None:
    assert reason("gravel-octo") == "The password needs at least 12 characters; it has 11."
    assert reason("SchmidtAnna99").startswith("Your own name and address make a password no harder to guess.")
    assert "four words" in reason("password1234")


@pytest.mark.parametrize("about", [[], [""], ["", " "], ["(", "[a-"], ["a", "an"]])
def test_anything_may_be_known_of_somebody(about: list[str]) -> None:
    check_strength("gravel-octopus-lantern-63", about)


def test_the_check_cannot_be_made_slow() -> None:
    start = time.process_time()
    check_strength("4@8({[<36961!|1|7$5+7%20" * 10, ABOUT)
    assert time.process_time() - start < 3  # it was six seconds; usually it is ten milliseconds
