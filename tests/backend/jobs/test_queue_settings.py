"""Who starts broker and workers."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from backend.core.queue import broker_url, make_broker
from backend.core.settings import Settings

REDIS = "redis://:hunter2@queue.example:6379/2"


@pytest.mark.parametrize(
    ("given", "broker", "workers"),
    [
        ({}, True, True),
        ({"embedded_worker": False}, False, False),
        ({"broker_url": REDIS}, False, False),
        ({"broker_url": REDIS, "embedded_worker": True}, False, True),
        ({"broker_url": "", "embedded_worker": "", "broker_binary": ""}, True, True),  # as compose files pass on
    ],
)
def test_by_default_the_server_does_and_with_a_redis_others_do(
    tmp_path: Path, given: dict[str, object], broker: bool, workers: bool
) -> None:
    settings = Settings(data_dir=tmp_path, **given)
    assert (settings.starts_broker, settings.starts_workers) == (broker, workers)
    assert (make_broker(settings) is None) == (given == {"embedded_worker": False})


def test_the_address_is_redis_and_its_password_is_not_shown(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, broker_url=REDIS)
    assert broker_url(settings) == REDIS
    assert "hunter2" not in repr(settings)
    assert broker_url(Settings(data_dir=tmp_path)) == f"redis+socket://{tmp_path}/broker/socket"
    for wrong in ("amqp://queue.example", "queue.example:6379"):
        with pytest.raises(ValidationError, match="redis"):
            Settings(data_dir=tmp_path, broker_url=wrong)
