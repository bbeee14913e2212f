"""``vitrine serve``: the web application on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
import textwrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from backend.cli.console import fail, read_settings

if TYPE_CHECKING:
    from types import FrameType

    import uvicorn
    from fastapi import FastAPI

    from backend.auth.first_start import FirstStart
    from backend.core.settings import Settings

_NEARBY_PORTS = 20


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on. [default: 127.0.0.1]")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port; 0 takes any free one. [default: 8000]")
    ] = None,
    reload: Annotated[bool, typer.Option("--reload", help="Restart when the code changes; for development.")] = False,
) -> None:
    """Start the web application and print its address. Other settings: VITRINE_… environment variables."""
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = read_settings(**given)
    os.umask(0o077)  # images and hashes are nobody else's to read, whatever the shell's habit
    listener = listen(settings.host, settings.port)
    with listener:
        if reload:
            _serve_with_reload(settings, listener)
        else:
            _serve(settings, listener)


def development_app() -> FastAPI:
    """The application as uvicorn's reloader makes it in its child process."""
    from backend.app import create_app
    from backend.core.settings import Settings

    return create_app(Settings(), on_first_start=_print_first_start)


def listen(host: str, port: int) -> socket.socket:
    """Bind first, so that a port in use ends the command before anything is loaded."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
            0
        ]
    except socket.gaierror:
        fail(f"'{host}' is not an address of this machine; try --host 127.0.0.1")
    listener = socket.socket(family, kind)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Connections inherit it. asyncio sets it only on sockets that name their protocol; without it every small answer,
    # headers first and body then, waits 40 ms for the other side to confirm the headers (Nagle, delayed ACK).
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        fail(_bind_advice(error, host, port))
    listener.set_inheritable(True)
    return listener


def _bind_advice(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        free = _free_port(host, port)
        another = f"try: vitrine serve --port {free}, or: make run VITRINE_PORT={free}"
        return f"port {port} is in use, perhaps by another Vitrine; {another if free else 'choose one with --port'}"
    if error.errno == errno.EACCES:
        return f"port {port} is not open to this user; choose one from 1024 on, such as --port 8000"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"'{host}' is not an address of this machine; try --host 127.0.0.1"
    return f"cannot listen on {host}, port {port}: {error.strerror}"


def _free_port(host: str, port: int) -> int | None:
    for candidate in range(port + 1, min(port + _NEARBY_PORTS, 65535) + 1):
        try:
            with socket.create_server((host, candidate)):
                return candidate
        except OSError:
            continue
    return None


def _serve(settings: Settings, listener: socket.socket) -> None:
    print("Starting Vitrine …", flush=True)
    import uvicorn

    from backend.app import create_app
    from backend.auth.first_start import UnsafeSettings

    first: list[FirstStart] = []
    try:
        app = create_app(settings, on_first_start=first.append)
    except UnsafeSettings as error:
        fail(f"this would not be safe: {error}")
    # uvicorn's own lines about starting and stopping say nothing that the welcome below does not say better.
    level = "debug" if settings.log_level == "DEBUG" else "warning"
    config = uvicorn.Config(app, log_level=level, access_log=False, **_transport(settings))
    server = _make_server(config, app)
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl+C, after the server has shut down
        asyncio.run(_announce(server, settings, listener, first))
    if not server.started:
        raise typer.Exit(1)


def _make_server(config: uvicorn.Config, app: FastAPI) -> uvicorn.Server:
    """A server whose open event streams end when it is told to stop: else it would wait for them, up to minutes."""
    import uvicorn

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            app.state.streams.stop()
            super().handle_exit(sig, frame)

    return Server(config)


async def _announce(
    server: uvicorn.Server, settings: Settings, listener: socket.socket, first: list[FirstStart]
) -> None:
    """Run the server; print its address once it answers there."""
    port = listener.getsockname()[1]  # now: a server that is told to stop at once has closed it before it is asked
    running = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started and not running.done():
        await asyncio.sleep(0.05)
    if server.started:
        print(_welcome(settings, port), flush=True)
        for each in first:
            _print_first_start(each)
    await running


def _transport(settings: Settings) -> dict[str, Any]:
    """How connections come in. Only named proxies are believed about whom they speak for."""
    from backend.auth.first_start import tls_problem

    options: dict[str, Any] = {"proxy_headers": bool(settings.trusted_proxies), "server_header": False}
    if settings.trusted_proxies:
        options["forwarded_allow_ips"] = list(settings.trusted_proxies)
    if settings.tls_certificate is not None and settings.tls_key is not None:
        problem = tls_problem(settings.tls_certificate, settings.tls_key)
        if problem:
            fail(problem)
        options |= {"ssl_certfile": str(settings.tls_certificate), "ssl_keyfile": str(settings.tls_key)}
    return options


def _print_first_start(first: FirstStart) -> None:
    lines = [
        "    First start. Sign in with this one-time password; you then choose one of your own:",
        "",
        f"        e-mail    {first.email}",
        f"        password  {first.password}",
        "",
        "    Until an administrator has signed in, every start prints another one.",
        "",
    ]
    print("\n".join(lines), flush=True)


def _welcome(settings: Settings, port: int) -> str:
    from backend.auth.first_start import warnings

    address = page_address(settings.host, port, "https" if settings.tls_certificate else "http")
    lines = ["", f"    Vitrine is ready:  {settings.public_url or address}", ""]
    if not (settings.frontend_dir / "index.html").is_file():
        lines.append("    The page is not built yet, only the API answers. Build it with: make setup")
    for warning in warnings(settings):
        lines += ["    " + "!" * 76, *textwrap.wrap(warning, 76, initial_indent="    ", subsequent_indent="    ")]
        lines += ["    " + "!" * 76, ""]
    return "\n".join([*lines, "    Research use only. Not for diagnosis.  (Ctrl+C stops it.)", ""])


def page_address(host: str, port: int, scheme: str = "http") -> str:
    """The address to type into a browser; an unspecified address is reached as localhost from here."""
    name = "localhost" if host in ("0.0.0.0", "::", "") else host  # noqa: S104
    return f"{scheme}://[{name}]:{port}" if ":" in name else f"{scheme}://{name}:{port}"


def _serve_with_reload(settings: Settings, listener: socket.socket) -> None:
    import uvicorn
    from uvicorn.supervisors import ChangeReload

    # The child process reads the settings again, from the environment.
    os.environ["VITRINE_HOST"], os.environ["VITRINE_PORT"] = settings.host, str(settings.port)
    config = uvicorn.Config(
        "backend.cli.serve:development_app",
        factory=True,
        reload=True,
        reload_dirs=["backend", "models"],
        log_level=settings.log_level.lower(),
        timeout_graceful_shutdown=2,  # event streams that are open would keep the old code alive
        **_transport(settings),
    )
    print(_welcome(settings, listener.getsockname()[1]), flush=True)
    ChangeReload(config, target=uvicorn.Server(config).run, sockets=[listener]).run()
