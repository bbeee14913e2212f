"""Cases and predictions of several owners, straight in the database: one for each way to stand to somebody."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

import numpy as np
from fastapi.testclient import TestClient
from sqlalchemy import select

from backend.access.permissions import Role
from backend.db.base import new_id
from backend.db.tables import Case, CaseShare, Intervention, Prediction
from tests.support.images import deep_pages
from tests.support.people import ADMINISTRATOR, OTHER_READER, OTHER_TEAM, TEAM, Person, become
from tests.support.server import API, resources_of

Row = TypeVar("Row", Case, Prediction, Intervention)


class Relation(StrEnum):
    """How an object stands to the one who asks. ``foreign`` ones: private, and of a group that is not theirs."""

    OWN = "own"
    SHARED = "shared"
    OPEN = "open"
    FOREIGN = "foreign"
    FOREIGN_GROUP = "foreign_group"

    def is_hidden_from(self, person: Person) -> bool:
        """Administrators see everything."""
        return self in (Relation.FOREIGN, Relation.FOREIGN_GROUP) and person.role is not Role.ADMINISTRATOR

    def may_be_changed_by(self, person: Person) -> bool:
        """Owners and administrators."""
        return self is Relation.OWN or person.role is Role.ADMINISTRATOR


class World:
    """Makes objects like one that was uploaded and explained, whose files they share.

    Args:
        client: of a server with the accounts of ``support.people``; left as the administrator's.
    """

    def __init__(self, client: TestClient) -> None:
        become(client, ADMINISTRATOR)
        values = np.arange(24 * 16, dtype=np.uint16).reshape(16, 24)  # kept, so that there is a frame to ask for
        case = client.post(f"{API}/cases", files={"file": ("a.tiff", deep_pages([values]))}).json()["id"]
        prediction = client.post(f"{API}/cases/{case}/predictions").json()["id"]
        client.post(f"{API}/predictions/{prediction}/interventions", json={"edits": []})
        self._database = resources_of(client).database
        with self._database.reading() as session:
            self._case = session.scalars(select(Case).where(Case.id == case)).one()
            self._prediction = session.scalars(select(Prediction).where(Prediction.case_id == case)).one()
            self._intervention = session.scalars(select(Intervention).where(Intervention.case_id == case)).one()

    def case(self, relation: Relation, person: Person, pseudonym: str = "P") -> tuple[str, str]:
        """A new case with a prediction, as it should stand to this person; the ids of both."""
        owner = person if relation is Relation.OWN else OTHER_READER
        if owner is person and relation is not Relation.OWN:
            owner = ADMINISTRATOR
        visibility = {Relation.SHARED: "groups", Relation.FOREIGN_GROUP: "groups", Relation.OPEN: "open"}
        case = _copy(self._case, id=new_id(), owner_id=owner.id, pseudonym=pseudonym)
        case.visibility = visibility.get(relation, "private")
        prediction = _copy(self._prediction, id=new_id(), case_id=case.id)
        with self._database.writing() as session:
            session.add(case)
            session.flush()
            session.add(prediction)
            if case.visibility == "groups":
                group = TEAM if relation is Relation.SHARED else OTHER_TEAM
                session.add(CaseShare(case_id=case.id, group_id=group))
        return case.id, prediction.id

    def intervention(self, case_id: str, prediction_id: str) -> str:
        """A new intervention on a prediction of ``case``; its id."""
        made = _copy(self._intervention, id=new_id(), case_id=case_id, prediction_id=prediction_id)
        with self._database.writing() as session:
            session.add(made)
        return made.id


def _copy(row: Row, **changes: str) -> Row:
    columns = {column.key: getattr(row, column.key) for column in type(row).__table__.columns}
    return type(row)(**(columns | changes))
