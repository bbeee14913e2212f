"""Rendering examples and making cases of them."""

from __future__ import annotations

import io

from PIL import Image

from backend.cases.creating import CaseCreator, Origin
from backend.cases.schemas import CaseRead
from backend.core.storage import StoredFileMissing
from backend.datasets.procedural import edition
from backend.examples.catalogue import SIZE, Example, all_examples
from backend.examples.schemas import ExampleList, ExampleRead
from backend.intake.encoding import encode_png, encode_thumbnail
from backend.resources import Resources


def list_examples() -> ExampleList:
    """The gallery."""
    return ExampleList(
        items=[
            ExampleRead(
                key=example.key,
                title=example.title,
                class_key=example.class_key,
                class_name=example.class_name,
                modality=example.drawn.modality,
                dataset=example.drawn.name,
                synthetic=True,
            )
            for example in all_examples().values()
        ]
    )


def example_image(resources: Resources, example: Example, size: int | None = None) -> bytes:
    """PNG at full size, else a WebP. Drawn once (half a second), then kept in the storage."""
    key = image_key(example)
    with resources.picture_slots:
        try:
            content = resources.storage.read(key)
        except StoredFileMissing:
            content = render(example)
            resources.storage.write(key, content)
        return content if size is None else _smaller(content, size)


def image_key(example: Example) -> str:
    """Where the storage keeps it."""
    return f"examples/{edition()}/{example.key}.png"


def create_case(cases: CaseCreator, resources: Resources, example: Example) -> CaseRead:
    """A case that says what it is: synthetic, and of which data set."""
    origin = Origin(filename=f"{example.key}.png", dataset=example.drawn.name, synthetic=True)
    return cases.create(example_image(resources, example), origin, pseudonym=f"Example: {example.title}")


def render(example: Example) -> bytes:
    """PNG."""
    pixels = example.drawn.render(example.index, SIZE, example.class_index)
    return encode_png(Image.fromarray(pixels))


def _smaller(png: bytes, size: int) -> bytes:
    with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
        return encode_thumbnail(image.convert("RGB"), size)
