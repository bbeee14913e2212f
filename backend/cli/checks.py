"""What ``vitrine doctor`` looks at. Each check returns what it found; none of them changes anything."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from backend.cli.console import list_models
from backend.core.settings import Settings

_GIB = 1024**3
_LITTLE_SPACE, _TOO_LITTLE_SPACE = 5 * _GIB, _GIB // 2
_PACKAGES = ("torch", "torchvision", "timm", "open_clip", "safetensors", "PIL", "fastapi", "sqlalchemy")


class State(StrEnum):
    """``FAILED``: something that is needed is missing. ``WARNING``: works, but worth knowing."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True)
class Finding:
    """One line of the report; ``advice`` says what to do."""

    what: str
    state: State
    detail: str
    advice: str = ""


def run_checks(settings: Settings) -> Iterator[Finding]:
    """All checks, in order. A check that breaks down is itself a finding."""
    checks: list[Callable[[Settings], Iterator[Finding]]] = [
        _python, _packages, _device, _data_folder, _models, _page, _node,
    ]  # fmt: skip
    for check in checks:
        try:
            yield from check(settings)
        except Exception as error:  # noqa: BLE001 (the doctor must survive whatever it finds)
            name = check.__name__.strip("_").replace("_", " ")
            yield Finding(name, State.FAILED, f"the check broke down: {error!r}", "report this with the output above")


def _python(_: Settings) -> Iterator[Finding]:
    found = f"{platform.python_version()} at {sys.executable}"
    ok = sys.version_info >= (3, 11)
    yield Finding("Python", State.OK if ok else State.FAILED, found, "" if ok else "install Python 3.11 or newer")


def _packages(_: Settings) -> Iterator[Finding]:
    # Whether they also load shows when the models do.
    missing = [name for name in _PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        yield Finding("Packages", State.FAILED, f"missing: {', '.join(missing)}", "run: make setup")
        return
    yield Finding("Packages", State.OK, ", ".join(f"{name} {_version(name)}" for name in ("torch", "timm", "fastapi")))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "?"


def _device(settings: Settings) -> Iterator[Finding]:
    import torch

    from models.devices import choose_device, has_fast_bfloat16

    try:
        device = choose_device(settings.device)
    except ValueError as error:
        yield Finding("Device", State.FAILED, str(error), "set VITRINE_DEVICE=auto")
        return
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else f"CPU, {os.cpu_count()} cores"
    precision = "bfloat16" if has_fast_bfloat16(device) else "float32 (no bfloat16 matrix units)"
    yield Finding("Device", State.OK, f"{name}, {precision}")


def _data_folder(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir
    # The folder is made at the first start, so what counts is the nearest one that is there.
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        advice = "give this user the right to write there, or set VITRINE_DATA_DIR to another folder"
        yield Finding("Data folder", State.FAILED, f"{folder}: {error.strerror}", advice)
        return
    made = "" if folder.exists() else " (made at the first start)"
    yield Finding("Data folder", State.OK, f"{folder} can be written{made}")
    free = shutil.disk_usage(existing).free
    state = State.FAILED if free < _TOO_LITTLE_SPACE else State.WARNING if free < _LITTLE_SPACE else State.OK
    advice = "" if state is State.OK else "free some space, or set VITRINE_DATA_DIR to a larger disk"
    yield Finding("Disk space", state, f"{free / _GIB:.1f} GiB free for {folder}", advice)


def _models(settings: Settings) -> Iterator[Finding]:
    from models.predictor import Predictor

    folders = list_models(settings)
    if not folders:
        yield Finding("Models", State.FAILED, "none found", "the copy is incomplete: clone the repository again")
    for folder in folders:
        try:
            predictor = Predictor.from_folder(folder, settings.device)
        except ValueError as error:
            advice = "a shipped one: clone the repository again; one of your own: train it again or remove its folder"
            yield Finding(f"Model {folder.name}", State.FAILED, str(error), advice)
            continue
        yield Finding(f"Model {folder.name}", State.OK, f"loads, {predictor.device}, {predictor.precision}")


def _page(settings: Settings) -> Iterator[Finding]:
    index = settings.frontend_dir / "index.html"
    if index.is_file():
        yield Finding("Page", State.OK, f"built, {index.parent}")
    else:
        yield Finding("Page", State.FAILED, f"not built, no {index}", "run: make setup")


def _node(_: Settings) -> Iterator[Finding]:
    advice = "only needed to build the page: install Node.js 20.19 or newer"
    path = shutil.which("node")
    if path is None:
        yield Finding("Node.js", State.WARNING, "not found", advice)
        return
    found = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10, check=False).stdout.strip()
    numbers = tuple(int(part) for part in found.lstrip("v").split(".")[:2])
    if numbers < (20, 19):
        yield Finding("Node.js", State.WARNING, f"{found} is too old", advice)
    else:
        yield Finding("Node.js", State.OK, f"{found} at {Path(path)}")
