"""``vitrine explain``: one image in, a table out; files too when asked."""

from __future__ import annotations

import hashlib
import os
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from backend.cli.console import fail, find_model, list_models, read_settings

if TYPE_CHECKING:
    from PIL.Image import Image

    from backend.core.settings import Settings
    from backend.intake.result import Account
    from backend.model_registry.header_fit import Header
    from models.predictor import Predictor


class _Opened(NamedTuple):
    """A file, what is seen of it, and what its decoder says of it."""

    sha256: str
    picture: Image
    account: Account

    @property
    def header(self) -> Header | None:
        """None: it is no DICOM."""
        from backend.intake.result import SourceFormat
        from backend.model_registry.header_fit import Header

        account = self.account
        return Header(account.modality, account.body_part) if account.source_format is SourceFormat.DICOM else None


class MapColours(StrEnum):
    """Colormaps of the pictures."""

    VIRIDIS = "viridis"
    CIVIDIS = "cividis"
    INFERNO = "inferno"
    JET = "jet"
    GRAY = "gray"


def explain(
    image: Annotated[Path, typer.Argument(help="DICOM, PNG, JPEG, JPEG 2000, TIFF, WebP or BMP.")],
    model: Annotated[
        str | None,
        typer.Option(
            help="Name of a shipped model, or a checkpoint folder. [default: for DICOM one that fits the header; for "
            "other files the first one shipped]"
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Also write explanation.json and overlay PNGs here.")] = None,
    toward: Annotated[
        str | None, typer.Option(help="Class key to show contributions to. [default: the predicted class]")
    ] = None,
    colormap: Annotated[MapColours, typer.Option(help="Colours of the overlays.")] = MapColours.VIRIDIS,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or cuda:N.")] = "auto",
) -> None:
    """Explain one image: classes, concepts and what each contributed. Not for diagnosis."""
    from backend.cli.table import explanation_table
    from backend.model_registry.header_fit import objection
    from models.explain.export import NOT_FOR_DIAGNOSIS, write_explanation

    opened = _open(image)
    picture, header = opened.picture, opened.header
    predictor = _load(find_model(model) if model is not None or header is None else _fitting(image, header), device)
    checkpoint = predictor.checkpoint
    note = None if header is None else objection(header, checkpoint.concept_set.model_dump(mode="json"))
    if toward is not None and toward not in checkpoint.concept_set.class_keys:
        fail(f"no class '{toward}' in this model; it has {', '.join(checkpoint.concept_set.class_keys)}")
    explanation = predictor.explain(picture)
    trained_on = f"trained on {checkpoint.dataset}{' (synthetic images)' if checkpoint.synthetic else ''}"
    milliseconds = sum(explanation.timings_ms.values())
    print(f"{image.name}, {picture.width} x {picture.height} px. Model {checkpoint.name}, {trained_on}.")
    print(f"{predictor.device}, {predictor.precision}, {milliseconds:.0f} ms. {NOT_FOR_DIAGNOSIS}")
    print("".join(f"{line}\n" for line in (note, *opened.account.suspects) if line))
    print(explanation_table(explanation, checkpoint.concept_set, toward))
    if out is None:
        return
    about = {
        "image": _about(image, opened),
        "header_note": note,
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


def _about(path: Path, opened: _Opened) -> dict[str, Any]:
    """What identifies the image. The name of a DICOM file often is the patient's, so it is left out."""
    return {
        "filename": path.name if opened.header is None else None,
        "sha256": opened.sha256,
        "width": opened.picture.width,
        "height": opened.picture.height,
        "modality": opened.account.modality,
        "body_part": opened.account.body_part,
    }


def _open(path: Path) -> _Opened:
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
        return _Opened(hashlib.sha256(content).hexdigest(), *_decode(path, settings))
    except IntakeError as error:
        fail(f"{path}: {error}")
    except AppError as error:
        fail(f"{path}: {error.detail}")


def _decode(path: Path, settings: Settings) -> tuple[Image, Account]:
    """As an upload is, and as a case is shown at first. Nothing of it stays: not even the secret is the site's."""
    from PIL.Image import open as open_image

    from backend.intake.deidentification.secret import LENGTH
    from backend.intake.result import IMAGE
    from backend.intake.sandbox import Sandbox

    with TemporaryDirectory() as folder:
        secret = Path(folder) / "secret"  # made here, so that nobody is told to keep a copy of it
        secret.touch(mode=0o600)
        secret.write_bytes(os.urandom(LENGTH))
        here = settings.model_copy(update={"data_dir": Path(folder), "deidentification_key_file": secret})
        sandbox = Sandbox(here)
        try:
            with sandbox.decode(path) as decoded, open_image(decoded.folder / IMAGE, formats=["PNG"]) as image:
                return image.convert("RGB"), decoded.account
        finally:
            sandbox.stop()


def _fitting(image: Path, header: Header) -> Path:
    """The folder of a model that goes with the header, as the server chooses; ends the command if there is none."""
    from backend.model_registry.header_fit import fits, names_its_part, why_none
    from models.checkpoint import CheckpointError, read_checkpoint

    found = []
    for folder in list_models(read_settings()):
        try:
            concept_set = read_checkpoint(folder).concept_set.model_dump(mode="json")
        except CheckpointError:
            continue  # of one's own, and damaged: named when it is asked for
        if fits(header, concept_set):
            found.append((not names_its_part(header, concept_set), folder))
    if not found:
        fail(f"{image}: {why_none(header, 'choose a model yourself with --model')}")
    return min(found, key=lambda each: each[0])[1]


def _load(folder: Path, device: str) -> Predictor:
    from models.predictor import Predictor

    try:
        return Predictor.from_folder(folder, device)
    except ValueError as error:
        fail(str(error))
