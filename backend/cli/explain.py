"""``vitrine explain``: one image in, a table out; files too when asked."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from backend.cli.console import fail, find_model, read_settings

if TYPE_CHECKING:
    from PIL.Image import Image

    from backend.core.settings import Settings
    from models.predictor import Predictor


class MapColours(StrEnum):
    """Colormaps of the pictures."""

    VIRIDIS = "viridis"
    CIVIDIS = "cividis"
    INFERNO = "inferno"
    JET = "jet"
    GRAY = "gray"


def explain(
    image: Annotated[Path, typer.Argument(help="PNG, JPEG, TIFF, WebP or BMP.")],
    model: Annotated[str | None, typer.Option(help="Name of a shipped model, or a checkpoint folder.")] = None,
    out: Annotated[Path | None, typer.Option(help="Also write explanation.json and overlay PNGs here.")] = None,
    toward: Annotated[
        str | None, typer.Option(help="Class key to show contributions to. [default: the predicted class]")
    ] = None,
    colormap: Annotated[MapColours, typer.Option(help="Colours of the overlays.")] = MapColours.VIRIDIS,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or cuda:N.")] = "auto",
) -> None:
    """Explain one image: classes, concepts and what each contributed. Not for diagnosis."""
    from backend.cli.table import explanation_table
    from models.explain.export import NOT_FOR_DIAGNOSIS, write_explanation

    content, picture = _open(image)
    predictor = _load(model, device)
    checkpoint = predictor.checkpoint
    if toward is not None and toward not in checkpoint.concept_set.class_keys:
        fail(f"no class '{toward}' in this model; it has {', '.join(checkpoint.concept_set.class_keys)}")
    explanation = predictor.explain(picture)
    trained_on = f"trained on {checkpoint.dataset}{' (synthetic images)' if checkpoint.synthetic else ''}"
    milliseconds = sum(explanation.timings_ms.values())
    print(f"{image.name}, {picture.width} x {picture.height} px. Model {checkpoint.name}, {trained_on}.")
    print(f"{predictor.device}, {predictor.precision}, {milliseconds:.0f} ms. {NOT_FOR_DIAGNOSIS}\n")
    print(explanation_table(explanation, checkpoint.concept_set, toward))
    if out is None:
        return
    about = {
        "image": {
            "filename": image.name,
            "sha256": hashlib.sha256(content).hexdigest(),
            "width": picture.width,
            "height": picture.height,
        },
        "model": {
            "name": checkpoint.name,
            "dataset": checkpoint.dataset,
            "synthetic": checkpoint.synthetic,
            "weights_sha256": checkpoint.weights_digest(),
            "concept_set": checkpoint.concept_set.name,
            "concept_set_digest": checkpoint.concept_set.digest(),
        },
    }
    try:
        written = write_explanation(out, picture, explanation, checkpoint.concept_set, about, colormap.value)
    except OSError as error:
        fail(f"cannot write to {out}: {error.strerror or error}", code=1)
    print(f"\n{len(written)} files written to {out}")


def _open(path: Path) -> tuple[bytes, Image]:
    from backend.core.errors import AppError
    from backend.intake.errors import IntakeError

    settings = read_settings()
    try:
        if path.stat().st_size > settings.max_upload_bytes:
            fail(f"{path}: larger than {settings.max_upload_bytes // 2**20} MiB (VITRINE_MAX_UPLOAD_BYTES)")
        content = path.read_bytes()
    except FileNotFoundError:
        fail(f"{path}: no such file")
    except OSError as error:
        fail(f"{path}: {error.strerror}")
    try:
        return content, _decode(path, settings)
    except IntakeError as error:
        fail(f"{path}: {error}")
    except AppError as error:
        fail(f"{path}: {error.detail}")


def _decode(path: Path, settings: Settings) -> Image:
    """As an upload is, and as a case is shown at first. Nothing of it stays: not even the secret is the site's."""
    from PIL.Image import open as open_image

    from backend.intake.result import IMAGE
    from backend.intake.sandbox import Sandbox

    with TemporaryDirectory() as folder:
        here = settings.model_copy(update={"data_dir": Path(folder), "deidentification_key_file": None})
        sandbox = Sandbox(here)
        try:
            with sandbox.decode(path) as decoded, open_image(decoded.folder / IMAGE, formats=["PNG"]) as image:
                return image.convert("RGB")
        finally:
            sandbox.stop()


def _load(model: str | None, device: str) -> Predictor:
    from models.predictor import Predictor

    folder = find_model(model)
    try:
        return Predictor.from_folder(folder, device)
    except ValueError as error:
        fail(str(error))
