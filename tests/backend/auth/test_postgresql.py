"""What two do with one account at the very same time, where the database lets both write."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from types import SimpleNamespace
from typing import cast

import pytest
from pydantic import SecretStr

from backend.auth import service
from backend.auth.attempts import Attempts
from backend.auth.errors import LinkInvalid
from backend.auth.schemas import LinkAccept
from backend.auth.sessions import Browser
from backend.core.settings import Settings
from backend.db.tables import User
from backend.people.service import make_link
from backend.resources import Resources
from tests.support.accounts import people_on_postgresql, token_of
from tests.support.people import HASH, READER

NEW = "gravel-octopus-lantern-63"


def test_of_two_who_use_a_link_one_does(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where both may have found the link before one of them takes it."""
    both_know_it = threading.Barrier(2)

    def hash_password(_: str) -> str:
        both_know_it.wait(timeout=10)
        return HASH

    monkeypatch.setattr(service, "hash_password", hash_password)

    with people_on_postgresql() as database:
        found = SimpleNamespace(settings=settings, database=database, attempts=Attempts(), password_slots=nullcontext())

        def use(token: str) -> str:
            body = LinkAccept(token=SecretStr(token), password=SecretStr(NEW))
            try:
                service.accept_link(cast("Resources", found), body, Browser(""))
            except LinkInvalid:
                return "refused"
            return "signed in"

        for _ in range(5):
            with database.writing() as session:
                token = token_of(make_link(session, session.get_one(User, READER.id)).model_dump())
            with ThreadPoolExecutor(2) as pool:
                assert sorted(pool.map(use, [token] * 2)) == ["refused", "signed in"]
