"""Many clients at once on a real server: throughput, waiting, and whether everybody got the answer to their own image.

Server and clients share the machine. Each client asks for a prediction, waits for the answer and asks again.

Shapes: N images, O options.
"""

from __future__ import annotations

import asyncio
import io
import statistics
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from PIL import Image

from benchmarks.refinement.api import private_server
from benchmarks.speed.models import pictures
from models.predictor import Predictor

SCOPES = ("models:read", "cases:read", "cases:write", "predictions:write")


@dataclass
class Seen:
    """Of all clients.

    Attributes:
        seconds: of every answered request.
        answers: place of the image and the prediction's id and scores, of each.
        refused: answers of another status, and how often.
    """

    seconds: list[float] = field(default_factory=list)
    answers: list[tuple[int, str, list[float]]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


def serving(folder: Path, clients: tuple[int, ...], requests: int, images: int) -> dict[str, Any]:
    """Clients at a server with one model.

    Args:
        folder: of the model.
        clients: how many at once, one run each.
        requests: in all of the last run; the others take as long as fits them.
        images: N, all different.

    Returns:
        Throughput, waiting and wrong or lost answers of each run.
    """
    shown = pictures(images, 480)
    predictor = Predictor.from_folder(folder)
    expected = np.array([predictor.explain(picture).scores for picture in shown])
    name = predictor.checkpoint.name
    del predictor  # its memory is the server's to take
    with tempfile.TemporaryDirectory() as place:
        data = Path(place) / "data"
        with private_server(data, data, SCOPES, VITRINE_EMBEDDED_WORKER="false") as (address, token):
            return asyncio.run(_measured(address, token, name, shown, expected, clients, requests))


async def _measured(
    address: str,
    token: str,
    model: str,
    shown: list[Image.Image],
    expected: np.ndarray,
    clients: tuple[int, ...],
    requests: int,
) -> dict[str, Any]:
    limits = httpx.Limits(max_connections=max(clients) + 4, max_keepalive_connections=max(clients) + 4)
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=f"{address}/api/v1", headers=headers, limits=limits, timeout=300) as client:
        version = await _ready(client, model)
        cases = [await _upload(client, picture, number) for number, picture in enumerate(shown)]
        runs = []
        for count in clients:
            seen = Seen()
            most = requests if count == max(clients) else min(requests, 60 * count)
            begin = time.monotonic()
            places = iter(range(most))
            await asyncio.gather(*(_ask(client, version, cases, places, seen) for _ in range(count)))
            runs.append(_told(count, seen, time.monotonic() - begin, expected))
        return {"model": model, "images": len(shown), "runs": runs}


async def _ready(client: httpx.AsyncClient, model: str) -> str:
    while (await client.get("/health")).json()["status"] == "starting":
        await asyncio.sleep(0.2)
    found = (await client.get("/models")).raise_for_status().json()["items"]
    return str(next(row["id"] for row in found if row["name"] == model))


async def _upload(client: httpx.AsyncClient, picture: Image.Image, number: int) -> str:
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    answer = await client.post("/cases", files={"file": (f"{number}.png", stream.getvalue())})
    return str(answer.raise_for_status().json()["id"])


async def _ask(client: httpx.AsyncClient, version: str, cases: list[str], places: Any, seen: Seen) -> None:
    for number in places:
        place = number % len(cases)
        start = time.monotonic()
        answer = await client.post(f"/cases/{cases[place]}/predictions", json={"model_version_id": version})
        if answer.status_code != 201:
            seen.refused[str(answer.status_code)] += 1
            await asyncio.sleep(float(answer.headers.get("retry-after", 0.1)))
            continue
        seen.seconds.append(time.monotonic() - start)
        body = answer.json()
        scores = [option["score"] for group in body["groups"] for option in group["options"]]
        own = place if body["case_id"] == cases[place] else -1
        seen.answers.append((own, body["id"], scores))


def _told(count: int, seen: Seen, seconds: float, expected: np.ndarray) -> dict[str, Any]:
    """An answer is right if of all images' expected scores those of its own are the nearest."""
    scores = np.array([found for _, _, found in seen.answers])
    owners = np.array([own for own, _, _ in seen.answers])
    nearest = np.linalg.norm(scores[:, None] - expected[None], axis=-1).argmin(1)
    cuts = statistics.quantiles(seen.seconds, n=100)
    return {
        "clients": count,
        "answers": len(seen.answers),
        "seconds": round(seconds, 1),
        "images_per_second": round(len(seen.answers) / seconds, 2),
        "p50_ms": round(cuts[49] * 1e3, 1),
        "p99_ms": round(cuts[98] * 1e3, 1),
        "wrong": int(np.sum(nearest != owners)),
        "twice": len(seen.answers) - len({found for _, found, _ in seen.answers}),
        "refused": dict(seen.refused),
    }
