"""One reader as the page is one: the next item, its image, a draft, the answer, and again."""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict
from dataclasses import dataclass, field

import httpx

RETRIES = 5


@dataclass
class Measured:
    """What was seen, of all readers.

    Attributes:
        seconds: of every request, by what it was for.
        acknowledged: rating by assignment, of every answer that the server said it has.
        failures: answers other than 2xx, and connections that broke, by what they were.
        again: answers that were sent twice on purpose.
    """

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    acknowledged: dict[str, int] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    again: int = 0


class Reader:
    """One person.

    Args:
        client: shared by all.
        study_id: what they read.
        secret: of their session.
        seed: of what they answer, and how long they think.
        think: mean seconds between seeing an item and answering it; 0: none.
    """

    def __init__(self, client: httpx.AsyncClient, study_id: str, secret: str, seed: int, think: float) -> None:
        self._client = client
        self._study = study_id
        self._headers = {"cookie": f"vitrine_session={secret}", "x-vitrine": "1"}
        self._draw = random.Random(seed)  # noqa: S311
        self._think = think

    async def read(self, measured: Measured, ends_at: float) -> int:
        """Until the last item, or until the time is up. Returns how many were answered."""
        await asyncio.sleep(self._think * self._draw.random())  # not all in one moment
        answered = 0
        while time.monotonic() < ends_at:
            found = await self._request(measured, "next", "GET", f"/reader-studies/{self._study}/next")
            if found is None:
                continue
            item = found.json()["item"]
            if item is None:
                break
            if await self._answer(measured, item):
                answered += 1
        return answered

    async def _answer(self, measured: Measured, item: dict[str, str]) -> bool:
        await self._request(measured, "image", "GET", item["image"].removeprefix("/api/v1"))
        await asyncio.sleep(self._think * (0.5 + self._draw.random()) / 2)
        rating = self._draw.randint(1, 5)
        given = {"answers": {"rating": rating}, "active_ms": 1000, "idle_ms": 0}
        place = f"/readings/{self._study}/items/{item['id']}/draft"
        await self._request(measured, "draft", "PUT", place, given)
        await asyncio.sleep(self._think * (0.5 + self._draw.random()) / 2)
        body = {"assignment_id": item["id"], **given}
        where = f"/reader-studies/{self._study}/responses"
        saved = await self._request(measured, "answer", "POST", where, body)
        if saved is None:
            return False
        measured.acknowledged[item["id"]] = rating
        if self._draw.random() < 0.02:  # an answer that got lost on the way back is sent again
            await self._request(measured, "answer again", "POST", where, body)
            measured.again += 1
        return True

    async def _request(
        self, measured: Measured, kind: str, method: str, path: str, body: dict[str, object] | None = None
    ) -> httpx.Response | None:
        for attempt in range(RETRIES):
            begin = time.perf_counter()
            try:
                answer = await self._client.request(method, path, json=body, headers=self._headers)
            except httpx.TransportError as error:
                measured.failures[f"{kind}: {type(error).__name__}"] += 1
            else:
                measured.seconds[kind].append(time.perf_counter() - begin)
                if answer.is_success:
                    return answer
                measured.failures[f"{kind}: {answer.status_code}"] += 1
            await asyncio.sleep(0.2 * 2**attempt)
        return None
