"""What stays has the parent's weights; what is new starts where the docstring says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn import functional as F  # noqa: N812

from models.cbm.magnet import MagnetAttention
from models.checkpoint import Checkpoint, load_network
from models.encoders.loading import load_text_encoder
from models.statistics import CodeAssociation
from models.train.retrain import RetrainError, warm_start
from tests.models.train.conftest import SIDE, Tiny
from tests.models.train.retrain.conftest import edited, new_option

IMAGES = torch.randn(3, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(0))


def test_an_unchanged_set_is_the_parent_bit_for_bit(parent: Checkpoint) -> None:
    network = warm_start(parent, parent.concept_set)
    for name, value in load_network(parent).state_dict().items():
        assert torch.equal(value, network.state_dict()[name]), name
    assert all(parameter.requires_grad for parameter in network.parameters())


def test_a_permuted_set_says_the_same_in_another_order(parent: Checkpoint) -> None:
    def edit(content: dict[str, Any]) -> None:
        content["groups"].reverse()
        content["groups"][2]["options"].reverse()
        content["classes"].reverse()

    other = edited(parent.concept_set, edit)
    before, after = load_network(parent)(IMAGES), warm_start(parent, other).eval()(IMAGES)
    columns = [other.option_ids.index(option) for option in parent.concept_set.option_ids]
    torch.testing.assert_close(after.scores[:, columns], before.scores)
    torch.testing.assert_close(after.logits.flip(1), before.logits)
    torch.testing.assert_close(after.assignment.flip(2), before.assignment)


def test_a_removed_option_leaves_its_mean_contribution(parent: Checkpoint) -> None:
    def edit(content: dict[str, Any]) -> None:
        del content["groups"][0]["options"][1]

    network = warm_start(parent, edited(parent.concept_set, edit))
    old = load_network(parent).bottleneck.head
    means = torch.tensor(parent.statistics.means)
    stay = [column for column in range(len(means)) if column != 1]
    torch.testing.assert_close(network.bottleneck.head(means[stay]), old(means))
    assert torch.equal(network.bottleneck.head.weight, old.weight[:, stay])


def test_a_new_option_has_its_words_and_decides_nothing(parent: Checkpoint) -> None:
    def edit(content: dict[str, Any]) -> None:
        content["groups"][0]["options"].insert(0, new_option("green"))
        content["groups"][1]["options"][0]["text"] = "as round as a coin"

    other = edited(parent.concept_set, edit)
    before, after = load_network(parent), warm_start(parent, other).eval()
    tower = load_text_encoder(parent.config.encoder)
    wanted = F.normalize(tower.embed(other.prompts()), dim=-1)
    scorer, columns = after.bottleneck.scorer, {option: column for column, option in enumerate(other.option_ids)}
    reworded = parent.concept_set.option_ids.index(f"shape.{other.groups[1].option_keys[0]}")
    for option in ("color.green", parent.concept_set.option_ids[reworded]):
        torch.testing.assert_close(scorer.text_embeddings[columns[option]], wanted[columns[option]])
    assert not after.bottleneck.head.weight[:, 0].any()
    kept = [column for column in range(parent.concept_set.option_count) if column != reworded]
    same = [columns[parent.concept_set.option_ids[column]] for column in kept]
    assert torch.equal(scorer.text_embeddings[same], before.bottleneck.scorer.text_embeddings[kept])
    torch.testing.assert_close(after(IMAGES).scores[:, same], before(IMAGES).scores[:, kept])
    assert torch.equal(
        after.bottleneck.head.weight[:, columns[parent.concept_set.option_ids[reworded]]],
        before.bottleneck.head.weight[:, reworded],
    )


def _add_group(content: dict[str, Any]) -> None:
    group = {"key": "light", "name": "Light", "options": [new_option("dim", "dim"), new_option("bright", "bright")]}
    content["groups"].insert(1, group)


def test_a_new_group_gets_a_query_and_a_code_among_the_tokens(parent: Checkpoint) -> None:
    other = edited(parent.concept_set, _add_group)
    old = load_network(parent).bottleneck
    assert isinstance(old.magnet, MagnetAttention)
    far = torch.full((1, old.magnet.queries.shape[1]), 50.0)
    tokens = torch.cat([old.magnet.queries, far, old.ivq.codebook])
    network = warm_start(parent, other, tokens, seed=3).bottleneck
    assert network.magnet.queries.shape[0] == network.ivq.codebook.shape[0] == other.group_count
    torch.testing.assert_close(network.magnet.queries[1], 0.5 * (far[0] + tokens.mean(0)))
    assert torch.equal(network.magnet.queries[[0, *range(2, 8)]], old.magnet.queries)
    assert torch.equal(network.ivq.codebook[:-1], old.ivq.codebook)
    assert torch.equal(network.ivq.codebook[-1], far[0])
    without = warm_start(parent, other).bottleneck
    torch.testing.assert_close(without.magnet.queries[1], old.magnet.queries.mean(0))


def test_a_removed_group_takes_the_code_that_is_named_after_it(parent: Checkpoint) -> None:
    def edit(content: dict[str, Any]) -> None:
        del content["groups"][3]

    key = parent.concept_set.group_keys[3]
    shares = [0.3, 0.2, 0.1, 0.1, 0.1, 0.15, 0.05]
    codes = [CodeAssociation(group_key=None, association=0.1, share=share) for share in shares]
    old = load_network(parent).bottleneck
    for named, lost in ((None, 6), (4, 4)):
        if named is not None:
            codes[named] = CodeAssociation(group_key=key, association=0.5, share=0.1)
        told = replace(parent, statistics=parent.statistics.model_copy(update={"codes": codes}))
        network = warm_start(told, edited(parent.concept_set, edit)).bottleneck
        stay = [row for row in range(7) if row != lost]
        assert torch.equal(network.ivq.codebook, old.ivq.codebook[stay])
        assert torch.equal(network.magnet.queries, old.magnet.queries[[0, 1, 2, 4, 5, 6]])


def test_without_its_text_tower_a_model_loses_options_but_gets_none(parent: Checkpoint, tmp_path: Path) -> None:
    config = parent.config.model_copy(update={"encoder": f"local-dir:{tmp_path}"})
    lost = replace(parent, config=config)

    def remove(content: dict[str, Any]) -> None:
        del content["groups"][0]["options"][0]

    def add(content: dict[str, Any]) -> None:
        content["groups"][0]["options"].append(new_option("green"))

    assert warm_start(lost, edited(parent.concept_set, remove)).bottleneck.scorer.text_embeddings.shape[0] == 33
    with pytest.raises(RetrainError, match=r"color\.green cannot be embedded, because the text tower .* removed and"):
        warm_start(lost, edited(parent.concept_set, add))


def test_another_text_tower_is_noticed(parent: Checkpoint, tiny: Tiny, tmp_path: Path) -> None:
    folder = tmp_path / "encoder"
    folder.mkdir()
    for path in (tiny.folder / "encoder").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    weights = torch.load(folder / "open_clip_pytorch_model.bin", weights_only=True)
    weights["text_projection"] = torch.randn_like(weights["text_projection"])
    torch.save(weights, folder / "open_clip_pytorch_model.bin")
    other = replace(parent, config=parent.config.model_copy(update={"encoder": f"local-dir:{folder}"}))

    def add(content: dict[str, Any]) -> None:
        content["groups"][0]["options"].append(new_option("green"))

    with pytest.raises(RetrainError, match="is not the one that"):
        warm_start(other, edited(parent.concept_set, add))
