"""The documents say what the code does."""

import re
from pathlib import Path

import pytest

from models.concepts import parse_concept_set
from models.concepts.review import review
from models.data.adapters.base import DatasetCard
from models.data.adapters.registry import adapter_cards

DOCS = Path(__file__).parents[4] / "docs"


@pytest.mark.parametrize("card", adapter_cards(), ids=lambda card: card.name)
def test_every_data_set_is_described_as_its_adapter_reads_it(card: DatasetCard) -> None:
    text = (DOCS / "data-sets.md").read_text(encoding="utf-8")

    assert f"```\n{card.layout}\n```" in text
    assert f"`{card.name}`" in text
    assert card.homepage in text
    assert card.citation in " ".join(text.split())


def test_the_worked_example_is_a_concept_set_without_faults() -> None:
    text = (DOCS / "concept-sets.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)

    assert len(examples) == 1
    nails = parse_concept_set(examples[0], origin="docs/concept-sets.md")
    assert review(nails) == ()
    assert nails.class_table() == [[0, 0, -1], [1, 1, 0], [2, 2, 0]]


@pytest.mark.parametrize("name", ["concept-sets.md", "data-sets.md", "adr/0004-adapters.md"])
def test_links_lead_somewhere(name: str) -> None:
    path = DOCS / name
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target
