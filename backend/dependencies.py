"""Dependencies that every domain uses, as ``Annotated`` aliases."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Annotated, Any, cast

from anyio import CancelScope, CapacityLimiter, to_thread
from fastapi import Depends, Request
from sqlalchemy.orm import Session

from backend.core.storage import Storage
from backend.resources import Resources

# All of these are async: a plain function would cost a thread's turn in every request.


async def get_resources(request: Request) -> Resources:
    """Put there by the lifespan."""
    return cast("Resources", request.app.state.resources)


ResourcesDep = Annotated[Resources, Depends(get_resources)]


async def get_storage(resources: ResourcesDep) -> Storage:
    return resources.storage


async def get_read_session(resources: ResourcesDep) -> AsyncIterator[Session]:
    async with _ended_in_thread(resources.database.reading()) as session:
        yield session


async def get_write_session(resources: ResourcesDep) -> AsyncIterator[Session]:
    async with _ended_in_thread(resources.database.writing()) as session:
        yield session


@asynccontextmanager
async def _ended_in_thread(transaction: AbstractContextManager[Session]) -> AsyncIterator[Session]:
    """Opened here, since no connection is taken before the first statement; ended in a thread, since that waits.

    The thread is beyond those of the routes: they may all be waiting for what this transaction holds. It is waited for
    even when whoever asked is gone.
    """
    session = transaction.__enter__()
    try:
        yield session
    except BaseException:
        await _end(transaction, *sys.exc_info())
        raise
    await _end(transaction, None, None, None)


async def _end(transaction: AbstractContextManager[Session], *error: Any) -> None:
    with CancelScope(shield=True):
        await to_thread.run_sync(transaction.__exit__, *error, limiter=CapacityLimiter(1))


StorageDep = Annotated[Storage, Depends(get_storage)]
# scope="function": the transaction ends before the answer is sent, so nothing is acknowledged that is not committed.
ReadSessionDep = Annotated[Session, Depends(get_read_session, scope="function")]
WriteSessionDep = Annotated[Session, Depends(get_write_session, scope="function")]
