"""All adapters by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from models.data.adapters.base import Adapter, DatasetCard
from models.data.adapters.busi import Busi
from models.data.adapters.cardio import Cardio
from models.data.adapters.cifar import CIFAR10, CIFAR100
from models.data.adapters.cmmd import Cmmd
from models.data.adapters.csv_table import CsvTable
from models.data.adapters.cub import Cub
from models.data.adapters.folder import Folder
from models.data.adapters.idrid import Idrid
from models.data.adapters.imagenet import ImageNet
from models.data.adapters.isic2018 import Isic2018
from models.data.adapters.nct_crc_he import NctCrcHe
from models.data.adapters.npz import Npz
from models.data.adapters.places365 import Places365
from models.data.adapters.retina import Retina
from models.data.adapters.settings import AdapterSettings
from models.data.adapters.siim import Siim
from models.data.errors import DataError

_PUBLISHED: tuple[Adapter, ...] = (
    Isic2018(),
    NctCrcHe(),
    Idrid(),
    Busi(),
    Retina(),
    Siim(),
    Cardio(),
    Cmmd(),
    CIFAR10,
    CIFAR100,
    Cub(),
    Places365(),
    ImageNet(),
)

# The published data sets, the eight medical ones first.
ADAPTERS: Mapping[str, Adapter] = MappingProxyType({adapter.card.name: adapter for adapter in _PUBLISHED})
GENERIC: tuple[str, ...] = ("folder", "csv", "npz")


def find_adapter(name: str, settings: AdapterSettings | None = None) -> Adapter:
    """The adapter of a name.

    Args:
        name: of a published data set, or folder, csv, npz.
        settings: of csv and npz; the others read a fixed layout.

    Raises:
        DataError: if there is no such adapter, or it takes no such settings.
    """
    if name == "csv":
        return CsvTable(settings)
    if name == "npz":
        return Npz(settings)
    if settings is not None and settings != AdapterSettings():
        raise DataError(f"the adapter '{name}' takes no settings; csv and npz do")
    if name == "folder":
        return Folder()
    if name not in ADAPTERS:
        raise DataError(f"no adapter is called '{name}'; there are {', '.join((*ADAPTERS, *GENERIC))}")
    return ADAPTERS[name]


def adapter_cards() -> tuple[DatasetCard, ...]:
    """What is known of every adapter: the published sets, then the generic ones."""
    return tuple(find_adapter(name).card for name in (*ADAPTERS, *GENERIC))
