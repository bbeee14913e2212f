"""The part of each model that stands behind the tokens, in memory."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from pathlib import Path

from backend.model_registry.errors import ModelUnavailable
from backend.model_registry.zoo import ModelZoo
from models.intervene.editing import EditableModel

logger = logging.getLogger(__name__)


class EditableModels:
    """Reads each model once and keeps those used last: a few hundred kilobytes each.

    Args:
        zoo: where models come from.
        keep: how many stay in memory.
    """

    def __init__(self, zoo: ModelZoo, keep: int = 8) -> None:
        self._zoo = zoo
        self._keep = keep
        self._loaded: OrderedDict[str, EditableModel] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, model_version_id: str, folder: Path) -> EditableModel:
        """The model. Raises ``ModelUnavailable`` when its folder does not hold it."""
        with self._lock:
            model = self._loaded.get(model_version_id)
            if model is None:
                model = self._read(folder)
                self._loaded[model_version_id] = model
                while len(self._loaded) > self._keep:
                    self._loaded.popitem(last=False)
            self._loaded.move_to_end(model_version_id)
            return model

    def _read(self, folder: Path) -> EditableModel:
        try:
            return self._zoo.editable(folder)
        except Exception as error:
            logger.exception("cannot read the head of the model in %s", folder)
            raise ModelUnavailable from error
