"""Maps of a prediction, as numbers or as a picture."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Any

import numpy as np
from fastapi import Query
from PIL import Image

from backend.core.storage import Storage
from backend.db.tables import Prediction
from backend.predictions.errors import BadMapRequest, MapNotFound
from backend.predictions.mapfiles import MapArrays, unpack_maps
from backend.predictions.schemas import Colormap, MapFormat, MapKind, MapLayer, MapRead, MapsRead, RegionRead
from backend.predictions.service import open_seen
from backend.resources import Resources
from models.explain.overlay import index_map_layer, overlay, render_map
from models.explanation import Region

_STRIP_PIXELS = 1_000_000

Name = Annotated[str | None, Query(max_length=140)]


@dataclass(frozen=True)
class MapQuery:
    """Query parameters of the maps route."""

    format: MapFormat = MapFormat.JSON
    option: Name = None
    group: Name = None
    colormap: Annotated[Colormap, Query(description="PNG only.")] = Colormap.VIRIDIS
    alpha: Annotated[float, Query(ge=0, le=1, description="PNG only: strength of the overlay.")] = 0.4
    layer: Annotated[MapLayer, Query(description="PNG only.")] = MapLayer.OVERLAY

    def tag(self) -> str:
        """Tells two answers apart."""
        return f"{self.format}-{self.option}-{self.group}-{self.colormap}-{self.alpha!r}-{self.layer}"


@dataclass(frozen=True)
class MapSelection:
    """One map: its row in the stored array, and what it stands for."""

    index: int
    option_id: str | None = None
    group_key: str | None = None


def select(prediction: Prediction, kind: MapKind, query: MapQuery) -> list[MapSelection]:
    """Which maps are meant. Raises ``BadMapRequest`` and ``MapNotFound``."""
    found = _select(prediction, kind, query)
    if query.format is MapFormat.PNG and len(found) != 1:
        raise BadMapRequest
    return found


def as_json(storage: Storage, prediction: Prediction, kind: MapKind, selection: list[MapSelection]) -> bytes:
    """The body of a ``MapsRead``. Five significant digits: a map is seen, not computed with."""
    arrays = unpack_maps(storage.read(prediction.maps_key))
    maps = [
        MapRead(option_id=item.option_id, group_key=item.group_key, values=_values(arrays, kind, item))
        for item in selection
    ]
    rows, columns = prediction.document["grid"]
    region = RegionRead(**prediction.document["region"])
    answer = MapsRead(kind=kind, grid=(rows, columns), region=region, maps=maps)
    return answer.model_dump_json().encode()


def as_png(resources: Resources, prediction: Prediction, kind: MapKind, item: MapSelection, query: MapQuery) -> bytes:
    """A picture of the size of the case's image."""
    arrays = unpack_maps(resources.storage.read(prediction.maps_key))
    values = _array(arrays, kind, item)
    with resources.picture_slots:
        if query.layer is MapLayer.OVERLAY:
            canvas = np.array(open_seen(resources.storage, prediction, prediction.case))
        else:
            canvas = np.empty((prediction.case.height, prediction.case.width, 4), np.uint8)
        for rows, layer in _layers(prediction, kind, values, query.colormap):
            part = canvas[rows]
            part[:] = overlay(part, layer, query.alpha) if query.layer is MapLayer.OVERLAY else layer
        stream = io.BytesIO()
        Image.fromarray(canvas).save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def _select(prediction: Prediction, kind: MapKind, query: MapQuery) -> list[MapSelection]:
    groups: list[dict[str, Any]] = prediction.document["groups"]
    if kind is MapKind.INDEX:
        if query.option is not None or query.group is not None:
            raise BadMapRequest
        return [MapSelection(0)]
    if kind is MapKind.MAGNET:
        if query.option is not None:
            raise BadMapRequest
        every = [MapSelection(index, group_key=group["key"]) for index, group in enumerate(groups)]
        return _filter(every, None, query.group)
    options = [(option["id"], group["key"]) for group in groups for option in group["options"]]
    every = [MapSelection(index, option_id, group) for index, (option_id, group) in enumerate(options)]
    return _filter(every, query.option, query.group)


def _filter(every: list[MapSelection], option: str | None, group: str | None) -> list[MapSelection]:
    found = [
        item
        for item in every
        if (option is None or item.option_id == option) and (group is None or item.group_key == group)
    ]
    if not found:
        raise MapNotFound
    return found


def _array(arrays: MapArrays, kind: MapKind, item: MapSelection) -> np.ndarray:
    if kind is MapKind.INDEX:
        return arrays.index
    stack: np.ndarray = arrays.magnet if kind is MapKind.MAGNET else arrays.gradcam
    one: np.ndarray = stack[item.index]
    return one


def _values(arrays: MapArrays, kind: MapKind, item: MapSelection) -> list[list[float]]:
    return [[float(f"{value:.5g}") for value in row] for row in _array(arrays, kind, item).tolist()]


def _layers(
    prediction: Prediction, kind: MapKind, values: np.ndarray, colormap: Colormap
) -> Iterator[tuple[slice, np.ndarray]]:
    """The RGBA layer strip by strip, so that a picture of 50 megapixels does not take gigabytes of floats."""
    region = Region(**prediction.document["region"])
    width, height = prediction.case.width, prediction.case.height
    step = max(1, _STRIP_PIXELS // width)
    for top in range(0, height, step):
        rows = slice(top, min(top + step, height))
        below = replace(region, y=region.y - top)
        size = (width, rows.stop - top)
        if kind is MapKind.INDEX:
            yield rows, index_map_layer(values, below, size)
        else:
            yield rows, render_map(values, below, size, colormap.value)
