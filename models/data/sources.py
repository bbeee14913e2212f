"""Image and mask sources as JSON, so that a manifest can say where its pixels are. Nothing is ever unpickled."""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_type_hints

from models.data.errors import DataError

# Sources are made of what a manifest says; no other package's classes are to be called by a file.
_PACKAGE = "models.data."
_KIND = "kind"


def encode_source(source: object, root: Path) -> dict[str, Any]:
    """A source as JSON values; paths below the root are written relative to it.

    Args:
        source: a frozen dataclass of ``models.data`` whose fields are paths, texts, numbers or truth values.
        root: the folder that was imported.

    Raises:
        TypeError: if it is no such dataclass.
    """
    kind = type(source)
    if not dataclasses.is_dataclass(source) or not kind.__module__.startswith(_PACKAGE):
        raise TypeError(f"{kind.__name__} is no dataclass of models.data, so no manifest can name it")
    values: dict[str, Any] = {_KIND: f"{kind.__module__}:{kind.__qualname__}"}
    for field in dataclasses.fields(source):
        value = getattr(source, field.name)
        if isinstance(value, Path):
            value = value.relative_to(root).as_posix() if value.is_relative_to(root) else value.absolute().as_posix()
        elif value is not None and not isinstance(value, str | int | float):
            raise TypeError(f"{kind.__name__}.{field.name} is a {type(value).__name__}, which no manifest can hold")
        values[field.name] = value
    return values


def decode_source(values: Mapping[str, Any], root: Path) -> Any:
    """The source that ``encode_source`` wrote.

    Raises:
        DataError: if it names no source, or fields that the source does not have.
    """
    module, _, name = str(values.get(_KIND, "")).partition(":")
    if not module.startswith(_PACKAGE):
        raise DataError(f"{module!r} is not where sources of images are; the manifest is damaged")
    try:
        kind = getattr(importlib.import_module(module), name)
        hints = get_type_hints(kind)
        given = {key: value for key, value in values.items() if key != _KIND}
        # An absolute path wins over the root when they are joined.
        return kind(**{key: root / value if hints[key] is Path else value for key, value in given.items()})
    except (ImportError, AttributeError, TypeError, KeyError) as error:
        raise DataError(f"{module}:{name} cannot be made from the manifest ({error})") from error
