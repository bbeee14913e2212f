"""Answers that never change: strong ETags, and no work when the client has them already."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from fastapi import Request, Response

from backend.core.errors import Responses

CACHE_FOREVER = "private, max-age=31536000, immutable"
REVALIDATE = "private, no-cache"
NOT_KEPT = "private, no-store"


def binary_response(*media_types: str, description: str = "The picture.") -> Responses:
    """How a route declares that it answers with bytes."""
    schema = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": description, "content": dict.fromkeys(media_types, schema)}}


def immutable(
    request: Request,
    identity: str,
    media_type: str,
    make: Callable[[], bytes],
    cache_control: str = CACHE_FOREVER,
) -> Response:
    """Answer with bytes that ``identity`` determines for all time.

    Args:
        request: says which bytes the client has.
        identity: names the content, for example an id that is never used again and the parameters.
        media_type: of the bytes.
        make: called only when the client does not have the bytes yet.
        cache_control: ``REVALIDATE`` where the address may come to mean other bytes.
    """
    tag = f'"{hashlib.sha256(identity.encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": cache_control}
    known = request.headers.get("if-none-match", "")
    if tag in {part.strip().removeprefix("W/") for part in known.split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(make(), media_type=media_type, headers=headers)
