"""Dependencies that every domain uses, as ``Annotated`` aliases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, cast

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from backend.core.storage import Storage
from backend.resources import Resources


def get_resources(request: Request) -> Resources:
    """Put there by the lifespan."""
    return cast("Resources", request.app.state.resources)


ResourcesDep = Annotated[Resources, Depends(get_resources)]


def get_storage(resources: ResourcesDep) -> Storage:
    return resources.storage


def get_read_session(resources: ResourcesDep) -> Iterator[Session]:
    with resources.database.reading() as session:
        yield session


def get_write_session(resources: ResourcesDep) -> Iterator[Session]:
    with resources.database.writing() as session:
        yield session


StorageDep = Annotated[Storage, Depends(get_storage)]
# scope="function": the transaction ends before the answer is sent, so nothing is acknowledged that is not committed.
ReadSessionDep = Annotated[Session, Depends(get_read_session, scope="function")]
WriteSessionDep = Annotated[Session, Depends(get_write_session, scope="function")]
