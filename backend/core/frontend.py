"""Serves the built interface."""

from __future__ import annotations

import secrets
from pathlib import Path, PurePosixPath

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from backend.core.middleware import content_security

# Stands in the build wherever a style element needs a nonce (frontend/vite.config.ts).
PLACEHOLDER = "VITRINE-STYLE-NONCE"
HASHED = "assets/"  # Vite puts files here whose names change with their content
NOT_BUILT = """The interface has not been built yet.

Run `make setup` in the repository (it needs Node.js), then reload this page.
The HTTP interface works already: /api/v1/openapi.json
"""


class Frontend(StaticFiles):
    """Files of the build; other addresses show index.html, since the pages are drawn in the browser.

    The build is looked for at every request, so that one made while the server runs is found.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, check_dir=False)
        self.config_checked = True  # a folder that is not there yet is no error
        self._index = folder / "index.html"

    async def get_response(self, path: str, scope: Scope) -> Response:
        if scope["path"].startswith("/api/"):
            raise HTTPException(404)
        if scope["method"] in ("GET", "HEAD") and not self._index.is_file():
            return PlainTextResponse(NOT_BUILT, 404)
        if path in (".", "index.html"):
            return self._page()
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            is_page = not path.startswith(HASHED) and not PurePosixPath(path).suffix
            if error.status_code != 404 or not is_page:
                raise
            return self._page()
        hashed = path.startswith(HASHED)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if hashed else "no-cache"
        return response

    def _page(self) -> Response:
        """The page, with a nonce that only its own style elements have. Never kept: the next answer has another."""
        nonce = secrets.token_urlsafe(18)
        content = self._index.read_text("utf-8").replace(PLACEHOLDER, nonce)
        policy = content_security(f"'nonce-{nonce}'")
        return HTMLResponse(content, headers={"Cache-Control": "no-store", "Content-Security-Policy": policy})
