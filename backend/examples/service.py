"""Rendering examples and making cases of them."""

from __future__ import annotations

import hashlib
import io
from functools import cache
from pathlib import Path

from PIL import Image

from backend.cases import imaging
from backend.cases.schemas import CaseRead
from backend.cases.service import CaseCreator, Origin
from backend.core.storage import StoredFileMissing
from backend.examples.catalogue import DATASET, SIZE, Example, all_examples
from backend.examples.schemas import ExampleList, ExampleRead
from backend.resources import Resources
from models.data.synthetic import dermoscopy


def list_examples() -> ExampleList:
    """The gallery."""
    return ExampleList(
        items=[
            ExampleRead(
                key=example.key,
                title=example.title,
                class_key=example.class_key,
                class_name=example.class_name,
                synthetic=True,
            )
            for example in all_examples().values()
        ]
    )


def example_image(resources: Resources, example: Example, size: int | None = None) -> bytes:
    """PNG at full size, else a WebP. Drawn once (half a second), then kept in the storage."""
    key = f"examples/{edition()}/{example.key}.png"
    with resources.picture_slots:
        try:
            content = resources.storage.read(key)
        except StoredFileMissing:
            content = _render(example)
            resources.storage.write(key, content)
        return content if size is None else _smaller(content, size)


def create_case(cases: CaseCreator, resources: Resources, example: Example) -> CaseRead:
    """A case that says what it is: synthetic, and of which data set."""
    origin = Origin(filename=f"{example.key}.png", dataset=DATASET, synthetic=True)
    return cases.create(example_image(resources, example), origin, pseudonym=f"Example: {example.title}")


@cache
def edition() -> str:
    """Changes whenever the generator's code does, so that the cache never shows an older one's pictures."""
    digest = hashlib.sha256()
    for source in sorted(Path(dermoscopy.__file__).parent.rglob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _render(example: Example) -> bytes:
    sample = dermoscopy.render_sample("test", example.index, SIZE, example.class_index)
    return imaging.encode_png(Image.fromarray(sample.image))


def _smaller(png: bytes, size: int) -> bytes:
    with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
        return imaging.encode_thumbnail(image.convert("RGB"), size)
