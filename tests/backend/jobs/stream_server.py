"""A small real server with one stream, run as ``vitrine serve`` runs its own. Arguments: database, job, port file."""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request
from starlette.responses import StreamingResponse

from backend.cli.serve import _make_server
from backend.db.session import Database
from backend.jobs import streaming
from backend.jobs.streaming import Streams, stream_events


def main(url: str, job_id: str, port_file: str) -> None:
    database, app = Database(url), FastAPI()
    app.state.streams = Streams()
    open_streams = 0

    @app.get("/events")
    def events(request: Request, after: int = 0) -> StreamingResponse:
        answer = stream_events(database, request, job_id, after)
        inner = answer.body_iterator

        async def counted():
            nonlocal open_streams
            open_streams += 1
            try:
                async for part in inner:
                    yield part
            finally:
                open_streams -= 1

        answer.body_iterator = counted()
        return answer

    @app.get("/open")
    def count() -> int:
        return open_streams

    streaming.COMMENT_EVERY = 0.3
    listener = socket.create_server(("127.0.0.1", 0))
    Path(port_file).write_text(str(listener.getsockname()[1]), "ascii")
    server = _make_server(uvicorn.Config(app, log_level="warning"), app)
    asyncio.run(server.serve(sockets=[listener]))


if __name__ == "__main__":
    main(*sys.argv[1:])
