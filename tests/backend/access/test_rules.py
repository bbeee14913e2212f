"""The rules hold in whatever way a query asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, exists, func, literal, select, union_all, update
from sqlalchemy.orm import Session, aliased, joinedload

from backend.access.permissions import NOT_FOR_TOKENS, PERMISSIONS, Permission, Role
from backend.access.principal import ANONYMOUS, SYSTEM, Principal, acting_as, current
from backend.access.rules import RULES, changeable_cases, guard, may_change
from backend.db.base import Base
from backend.db.session import Database
from backend.db.tables import (
    Case,
    CaseShare,
    Group,
    Intervention,
    Label,
    Membership,
    ModelVersion,
    Prediction,
    User,
)
from tests.support.people import ADMINISTRATOR, COORDINATOR, OTHER_READER, OTHER_TEAM, PEOPLE, READER, TEAM, Person

OWN, SHARED, OPEN, FOREIGN, FOREIGN_GROUP, ORPHAN = "own", "shared", "open", "foreign", "foreign-group", "orphan"
ALL = {OWN, SHARED, OPEN, FOREIGN, FOREIGN_GROUP, ORPHAN}


def principal(person: Person, **changes: Any) -> Principal:
    fields = {
        "name": person.email,
        "user_id": person.id,
        "role": person.role,
        "permissions": PERMISSIONS[person.role],
        "group_ids": frozenset(person.groups),
    }
    return Principal(**fields | changes)


@pytest.fixture
def database(migrated_database: Path, tmp_path: Path) -> Iterator[Database]:
    """Six cases as they stand to READER, with a prediction each."""
    copy = tmp_path / "vitrine.sqlite3"
    copy.write_bytes(migrated_database.read_bytes())
    database = Database(f"sqlite:///{copy}", guard=guard)
    with database.writing() as session:
        session.add(_model())
        for name, owner, visibility, group in (
            (OWN, READER.id, "private", None),
            (SHARED, OTHER_READER.id, "groups", TEAM),
            (OPEN, OTHER_READER.id, "open", None),
            # A group in the list of a private case does not count.
            (FOREIGN, OTHER_READER.id, "private", TEAM),
            (FOREIGN_GROUP, OTHER_READER.id, "groups", OTHER_TEAM),
            (ORPHAN, None, "private", None),
        ):
            session.add(_case(name, owner, visibility))
            session.flush()
            session.add(_prediction(name))
            if group:
                session.add(CaseShare(case_id=name, group_id=group))
    yield database
    database.close()


def seen(database: Database, person: Person, ask: Callable[[Session], Any]) -> Any:
    with acting_as(principal(person)), database.reading() as session:
        return ask(session)


def ids(session: Session) -> set[str]:
    return set(session.scalars(select(Case.id)))


def test_who_sees_which_cases(database: Database) -> None:
    assert seen(database, READER, ids) == {OWN, SHARED, OPEN}
    assert seen(database, OTHER_READER, ids) == {SHARED, OPEN, FOREIGN, FOREIGN_GROUP}
    assert seen(database, ADMINISTRATOR, ids) == ALL
    with database.reading() as session:
        assert ids(session) == ALL  # the server itself
    with acting_as(ANONYMOUS), database.reading() as session:
        assert ids(session) == set()


def test_a_case_that_waits_for_a_look_is_its_owners_alone(database: Database) -> None:
    """However it is shared; with its predictions."""
    with database.writing() as session:
        for name in (OWN, SHARED, OPEN, FOREIGN_GROUP):
            session.get_one(Case, name).review = "waiting"

    def both(session: Session) -> tuple[set[str], set[str]]:
        return ids(session), set(session.scalars(select(Prediction.id)))

    assert seen(database, READER, both) == ({OWN}, {OWN})
    assert seen(database, OTHER_READER, both) == ({SHARED, OPEN, FOREIGN, FOREIGN_GROUP},) * 2
    assert seen(database, ADMINISTRATOR, both) == (ALL, ALL)
    with database.writing() as session:
        session.get_one(Case, OPEN).review = "done"
    assert seen(database, READER, both) == ({OWN, OPEN}, {OWN, OPEN})


def _alias(session: Session) -> bool:
    other = aliased(Case)
    return bool(session.scalars(select(other.id).where(other.id == FOREIGN)).all())


def _ranked(session: Session) -> list[str]:
    rank = func.row_number().over(order_by=Prediction.id).label("rank")
    ranked = select(Prediction.id, rank).subquery()
    return list(session.scalars(select(ranked.c.id).where(ranked.c.rank > 0)))


HIDDEN = select(Case).where(Case.id == FOREIGN)
WAYS: dict[str, Callable[[Session], bool]] = {
    "get": lambda session: session.get(Case, FOREIGN) is not None,
    "get prediction": lambda session: session.get(Prediction, FOREIGN) is not None,
    "scalars": lambda session: bool(session.scalars(HIDDEN).all()),
    "columns": lambda session: bool(session.execute(select(Case.pseudonym).where(Case.id == FOREIGN)).all()),
    "count": lambda session: bool(session.scalar(select(func.count()).select_from(Case).where(Case.id == FOREIGN))),
    "count column": lambda session: bool(session.scalar(select(func.count(Case.id)).where(Case.id == FOREIGN))),
    "max": lambda session: session.scalar(select(func.max(Case.pseudonym)).where(Case.id == FOREIGN)) is not None,
    "exists": lambda session: bool(session.scalar(select(exists().where(Case.id == FOREIGN)))),
    "exists select": lambda session: bool(session.scalar(select(exists(HIDDEN)))),
    "only in the condition": lambda session: bool(session.scalar(select(literal(1)).where(HIDDEN.exists()))),
    "alias": _alias,
    "subquery": lambda session: bool(session.execute(select(HIDDEN.subquery().c.id)).all()),
    "cte": lambda session: bool(session.execute(select(HIDDEN.cte().c.id)).all()),
    "scalar subquery": lambda session: (
        session.scalar(select(select(Case.pseudonym).where(Case.id == FOREIGN).scalar_subquery())) is not None
    ),
    "union": lambda session: bool(
        session.execute(union_all(select(Case.id).where(Case.id == FOREIGN), HIDDEN.with_only_columns(Case.id))).all()
    ),
    "join": lambda session: bool(session.scalars(select(Prediction.id).join(Case).where(Case.id == FOREIGN)).all()),
    "joined load": lambda session: bool(
        session.scalars(select(Prediction).options(joinedload(Prediction.case)).where(Prediction.id == FOREIGN)).all()
    ),
    "window": lambda session: FOREIGN in _ranked(session),
    "lock": lambda session: bool(
        session.scalars(HIDDEN.with_for_update().execution_options(populate_existing=True)).all()
    ),
    "query": lambda session: bool(session.query(Case).filter(Case.id == FOREIGN).count()),
    "update": lambda session: bool(
        getattr(session.execute(update(Case).where(Case.id == FOREIGN).values(notes="x")), "rowcount", 0)
    ),
    "delete": lambda session: bool(
        getattr(session.execute(delete(Prediction).where(Prediction.id == FOREIGN)), "rowcount", 0)
    ),
}


@pytest.mark.parametrize("way", sorted(WAYS))
def test_no_query_gets_past_the_rule(database: Database, way: str) -> None:
    with acting_as(principal(READER)), database.reading() as session:
        assert not WAYS[way](session)
    with database.reading() as session:  # it is the rule that hides it
        assert WAYS[way](session)


def test_what_was_tried_on_a_case_is_seen_with_the_case(database: Database) -> None:
    with database.writing() as session:
        for name in sorted(ALL):
            session.add(_intervention(name))

    def tried(session: Session) -> set[str]:
        return set(session.scalars(select(Intervention.id)))

    assert seen(database, READER, tried) == {OWN, SHARED, OPEN}
    assert seen(database, ADMINISTRATOR, tried) == ALL
    with acting_as(principal(READER, permissions=frozenset({Permission.MODELS_READ}))), database.reading() as session:
        assert tried(session) == set()


def test_labels_are_ones_own_unless_one_may_read_everybodys(database: Database) -> None:
    with database.writing() as session:
        for name in sorted(ALL):
            session.add_all(_label(name, author) for author in (READER, OTHER_READER, COORDINATOR))

    def labels(session: Session) -> set[tuple[str, str]]:
        return {(case_id, author_id) for case_id, author_id in session.execute(select(Label.case_id, Label.author_id))}

    assert seen(database, READER, labels) == {(name, READER.id) for name in (OWN, SHARED, OPEN)}
    people = (READER, OTHER_READER, COORDINATOR)
    assert seen(database, COORDINATOR, labels) == {(name, person.id) for name in (SHARED, OPEN) for person in people}
    assert seen(database, ADMINISTRATOR, labels) == {(name, person.id) for name in ALL for person in people}
    scoped = principal(ADMINISTRATOR, permissions=frozenset({Permission.CASES_READ}))
    with acting_as(scoped), database.reading() as session:  # a token without labels:read
        assert labels(session) == set()


def test_people_and_groups(database: Database) -> None:
    def people(session: Session) -> set[str]:
        return set(session.scalars(select(User.id)))

    def groups(session: Session) -> set[str]:
        return set(session.scalars(select(Group.id)))

    def members(session: Session) -> set[str]:
        return set(session.scalars(select(Membership.user_id)))

    assert seen(database, READER, people) == {READER.id}
    assert seen(database, READER, groups) == {TEAM}
    assert seen(database, READER, members) == {READER.id}
    assert seen(database, ADMINISTRATOR, people) == {person.id for person in PEOPLE}
    assert seen(database, ADMINISTRATOR, groups) == {TEAM, OTHER_TEAM}


def test_a_token_shows_no_more_than_its_scopes(database: Database) -> None:
    for person in (READER, ADMINISTRATOR):
        narrow = principal(person, permissions=frozenset({Permission.MODELS_READ}), token_id="t")
        with acting_as(narrow), database.reading() as session:
            assert ids(session) == set()
            assert session.scalars(select(Prediction.id)).all() == []
            assert session.scalars(select(ModelVersion.id)).all() == ["m"]


def test_who_may_change_a_case() -> None:
    case = _case(OWN, READER.id, "open")
    assert may_change(principal(READER), case)
    assert may_change(principal(ADMINISTRATOR), case)
    assert not may_change(principal(OTHER_READER), case)
    assert not may_change(ANONYMOUS, _case(ORPHAN, None, "open"))


@pytest.mark.parametrize(
    "person", [*PEOPLE, None], ids=[*(person.role.value for person in PEOPLE[:-1]), "other", "system"]
)
def test_who_may_change_a_case_in_a_query(database: Database, person: Person | None) -> None:
    asks = SYSTEM if person is None else principal(person)
    with acting_as(SYSTEM), database.reading() as session:
        cases = session.scalars(select(Case)).all()
        found = set(session.scalars(select(Case.id).where(changeable_cases(asks))))
        nobodys = session.scalars(select(Case.id).where(changeable_cases(ANONYMOUS))).all()
    assert found == {case.id for case in cases if may_change(asks, case)}
    assert nobodys == []


def test_every_table_has_a_rule() -> None:
    tables = {mapper.class_ for mapper in Base.registry.mappers}
    assert set(RULES) == tables, "say in RULES who sees the rows of a new table"


def test_roles_grow_and_tokens_never_manage_accounts() -> None:
    assert PERMISSIONS[Role.READER] < PERMISSIONS[Role.COORDINATOR] < PERMISSIONS[Role.RESEARCHER]
    assert PERMISSIONS[Role.RESEARCHER] < PERMISSIONS[Role.ADMINISTRATOR] == frozenset(Permission)
    assert {Permission.ACCOUNT, Permission.PEOPLE_WRITE} == NOT_FOR_TOKENS


def test_acting_as_ends_with_the_block_also_on_an_error() -> None:
    assert current() is SYSTEM
    with pytest.raises(RuntimeError), acting_as(ANONYMOUS):
        raise RuntimeError
    assert current() is SYSTEM


def _case(case_id: str, owner: str | None, visibility: str) -> Case:
    return Case(
        id=case_id, owner_id=owner, visibility=visibility, pseudonym=case_id, notes="", sha256="", width=1, height=1,
        frames=1, source_format="png", deidentified=True, synthetic=False, image_key="i", thumbnail_key="t",
    )  # fmt: skip


def _prediction(case_id: str) -> Prediction:
    return Prediction(
        id=case_id, case_id=case_id, model_version_id="m", predicted_class="c", predicted_class_name="C",
        probability=1.0, document={}, maps_key="k",
    )  # fmt: skip


def _model() -> ModelVersion:
    return ModelVersion(
        id="m", name="m", dataset="d", synthetic=True, active=True, folder="f", weights_digest="w", concept_set={},
        concept_set_digest="c", metrics={}, card="",
    )  # fmt: skip


def _intervention(name: str) -> Intervention:
    return Intervention(
        id=name, case_id=name, prediction_id=name, edits=[], outcome={}, baseline_class="a", predicted_class="a"
    )


def _label(name: str, author: Person) -> Label:
    return Label(
        id=f"{name}-{author.role}-{author.id[:4]}",
        case_id=name,
        author_id=author.id,
        prediction_id=name,
        concept_set_digest="d",
        options={},
    )
