"""Nothing in the backend goes past the rules: a lint over its syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import APIRouter

import backend
from backend.access.dependencies import check_routes, public
from backend.app import create_app
from backend.core.settings import Settings

ROOT = Path(backend.__file__).parent
# What a session's guard cannot see, and where it may be used: below the sessions, and for the lock of the trail.
PAST_THE_GUARD = {"text", "exec_driver_sql", "__table__", "connection", "engine", "bulk_insert_mappings", "get_bind"}
BELOW = {"db", "migrations"}
# Inside a rule, tables are looked up as they are.
KNOWN_PAST = {("audit/repository.py", "text"), ("audit/repository.py", "get_bind"), ("access/rules.py", "__table__")}
# Each was looked at: what it shows as the server itself, the one who asks may know, or it never leaves the server.
KNOWN_ACTING = {
    "access/principal.py",
    "audit/reading.py",  # a stream says again who asks
    "audit/service.py",  # adding an event needs the last one's hash
    "auth/oidc.py",  # finding out who somebody is
    "auth/router.py",  # becomes the one who just signed in
    "auth/service.py",
    "auth/sessions.py",
    "cases/service.py",  # all groups a case is shared with, when they are replaced
    "datasets/service.py",  # bringing the table up to date with the folders; results go with their data set
    "jobs/streaming.py",  # a stream says again who asks
    "health/service.py",  # whether models are active, without names
    "people/names.py",  # whoever sees a thing may know whose it is
    "people/service.py",  # ending the sessions of somebody who is deactivated
    "predictions/service.py",  # which model fits a case's data set
    "reader_studies/accounts.py",  # who can be invited, and accounts of readers, for those who run studies
    "reader_studies/checking.py",  # how many readers see cases already or are not blinded, only counted
    "reader_studies/members.py",  # whether an account can run a study; the members whom one has just left
    "reader_studies/standing.py",  # instructions and washout, which readers are told; they see no protocol
}
MAKES_DATABASES = {
    "app.py", "cli/accounts.py", "cli/audit.py", "cli/case.py", "cli/known_concepts.py", "cli/labels.py",
    "cli/study.py", "db/session.py",
}  # fmt: skip


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(ROOT.rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def used(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Names that are called or taken from something, and where."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr, node.lineno
        elif isinstance(node, ast.Name):
            yield node.id, node.lineno


def test_only_the_ground_floor_speaks_to_the_database_past_the_guard() -> None:
    found = [
        f"{name}:{line}: {what}"
        for name, tree in sources()
        if name.split("/")[0] not in BELOW
        for what, line in used(tree)
        if what in PAST_THE_GUARD and (name, what) not in KNOWN_PAST and not _is_harmless(tree, what, line)
    ]
    assert found == []


def test_only_known_places_act_as_somebody_else() -> None:
    found = {name for name, tree in sources() for what, _ in used(tree) if what in ("acting_as", "SYSTEM")}
    assert found == KNOWN_ACTING


def test_only_known_places_make_a_database_and_the_application_makes_a_guarded_one() -> None:
    calls = {
        name: node
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Database"
    }
    assert set(calls) <= MAKES_DATABASES
    assert any(isinstance(part, ast.Name) and part.id == "guard" for part in ast.walk(calls["app.py"]))


def test_raw_selects_stand_in_repositories_only() -> None:
    """So whoever looks for what is asked of the database knows where."""
    allowed = {"access/rules.py", "db/session.py"}
    found = {
        name
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module == "sqlalchemy"
        and {alias.name for alias in node.names} & {"select", "update", "delete", "insert", "text"}
        and name.split("/")[0] not in BELOW
    }
    assert {name for name in found if not name.endswith("repository.py")} <= allowed


def test_a_route_that_does_not_say_who_may_call_it_stops_the_server() -> None:
    silent, spoken = APIRouter(), APIRouter(dependencies=[public()])
    for router, path in ((silent, "/silent"), (spoken, "/spoken")):
        router.add_api_route(path, lambda: None)
    check_routes(spoken)
    with pytest.raises(RuntimeError, match="/silent"):
        check_routes(silent)
    spoken.include_router(silent)  # one that hides in another
    with pytest.raises(RuntimeError):
        check_routes(spoken)


def test_the_application_asks_every_one_of_its_routes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("backend.app.check_routes", lambda router: asked.extend(route.name for route in router.routes))
    contract = create_app(Settings()).openapi()
    operations = {one["operationId"] for methods in contract["paths"].values() for one in methods.values()}
    assert set(asked) == operations


def _is_harmless(tree: ast.Module, what: str, line: int) -> bool:
    """A variable or field that only has the same name: what is forbidden is imported, or taken from a session."""
    if what == "text":
        imported = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
            for alias in node.names
        }
        return "text" not in imported
    return False
