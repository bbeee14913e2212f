"""Whether the one who asked is still there, over a real connection."""

from __future__ import annotations

import socket
import threading
import time

import uvicorn
from fastapi import FastAPI, Request

from backend.core.request import is_gone


def test_a_closed_connection_is_noticed_and_an_open_one_is_not() -> None:
    app, seen, noticed = FastAPI(), [], threading.Event()

    @app.get("/")
    def wait(request: Request) -> None:
        gone, end = is_gone(request), time.monotonic() + 10
        while time.monotonic() < end:
            seen.append(gone())
            if seen[-1]:
                noticed.set()
                return
            time.sleep(0.02)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        with socket.create_connection(listener.getsockname()) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
            time.sleep(0.3)
            assert seen
            assert not any(seen)
        assert noticed.wait(5)
        server.should_exit = True
        thread.join(10)
