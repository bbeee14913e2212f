"""Serves the built interface."""

from __future__ import annotations

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

HASHED = "assets"  # Vite puts files here whose names change with their content
NOT_BUILT = """The interface has not been built yet.

Run `make setup` in the repository (it needs Node.js), then reload this page.
The HTTP interface works already: /api/v1/openapi.json
"""


class Frontend(StaticFiles):
    """Files of the build; every other address shows index.html, since the pages are drawn in the browser."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, check_dir=False)
        self._index = folder / "index.html"

    async def get_response(self, path: str, scope: Scope) -> Response:
        if scope["path"].startswith("/api/"):
            raise HTTPException(404)
        if not self._index.is_file():
            if scope["method"] not in ("GET", "HEAD"):
                raise HTTPException(405, headers={"Allow": "GET, HEAD"})
            return PlainTextResponse(NOT_BUILT, 404)
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or path.startswith(f"{HASHED}/"):
                raise
            path, response = "index.html", await super().get_response("index.html", scope)
        hashed = path.startswith(f"{HASHED}/") and response.status_code in (200, 206, 304)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if hashed else "no-cache"
        return response
