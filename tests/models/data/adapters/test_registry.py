"""All adapters by name, and what holds for every one of them."""

import pickle
from pathlib import Path

import pytest

from models.concepts import load_concept_set
from models.data.adapters.registry import ADAPTERS, GENERIC, adapter_cards, find_adapter
from models.data.adapters.settings import AdapterSettings
from models.data.errors import DataError

MEDICAL = ("isic2018", "nct-crc-he", "idrid", "busi", "retina", "siim", "cardio", "cmmd")
GENERAL = ("cifar10", "cifar100", "cub", "places365", "imagenet")


def test_thirteen_published_sets_and_three_generic_ones() -> None:
    assert tuple(ADAPTERS) == (*MEDICAL, *GENERAL)
    assert tuple(card.name for card in adapter_cards()) == (*MEDICAL, *GENERAL, *GENERIC)


def test_unknown_names_say_what_there_is() -> None:
    with pytest.raises(DataError, match=r"no adapter is called 'isic'; there are isic2018, nct-crc-he, .*, npz"):
        find_adapter("isic")


def test_settings_are_for_the_tables_only() -> None:
    settings = AdapterSettings(label_column="class")
    assert find_adapter("csv", settings).card.name == "csv"
    assert find_adapter("busi", AdapterSettings()) is ADAPTERS["busi"]
    for name in ("busi", "folder"):
        with pytest.raises(DataError, match=f"the adapter '{name}' takes no settings"):
            find_adapter(name, settings)


@pytest.mark.parametrize("name", MEDICAL)
def test_medical_sets_have_a_concept_set(name: str, tmp_path: Path) -> None:
    adapter = ADAPTERS[name]
    assert adapter.card.concept_set is not None
    assert adapter.classes(tmp_path) == load_concept_set(adapter.card.concept_set).classes


@pytest.mark.parametrize("name", [*MEDICAL, *GENERAL, *GENERIC])
def test_an_empty_folder_and_none_at_all_are_refused_with_the_layout(name: str, tmp_path: Path) -> None:
    adapter = find_adapter(name)
    with pytest.raises(DataError, match="missing") as caught:
        list(adapter.records(tmp_path))
    for line in adapter.card.layout.splitlines():
        assert line in str(caught.value)
    with pytest.raises(DataError, match="nowhere: no such folder"):
        list(adapter.records(tmp_path / "nowhere"))


@pytest.mark.parametrize("name", [*MEDICAL, *GENERAL, *GENERIC])
def test_cards_are_complete_and_adapters_cross_processes(name: str) -> None:
    card = pickle.loads(pickle.dumps(find_adapter(name))).card
    assert card.name == name
    assert all((card.title, card.modality, card.layout, card.licence))
    if name not in GENERIC:
        assert card.homepage.startswith("http")
        assert any(str(year) in card.citation for year in range(2005, 2027))
