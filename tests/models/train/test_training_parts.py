"""Settings, augmentation, optimizer, localization loss, class weights."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import torch

from models.cbm.network import IVQCBM, ConceptBottleneck
from models.cbm.scoring import OptionScorer
from models.train.config import TrainConfig, TrainConfigError
from models.train.engine import class_weights
from models.train.localization import localization_loss
from models.train.optimizer import build_optimizer, rate_factor


def test_codebook_and_queries_are_in_the_optimizer(bottleneck: ConceptBottleneck) -> None:
    network = IVQCBM(torch.nn.Linear(3, 6), bottleneck.float())
    optimizer = build_optimizer(network, TrainConfig(name="x"))
    ids = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
    assert ids == {id(parameter) for parameter in network.parameters()}
    assert id(network.bottleneck.ivq.codebook) in ids
    assert id(network.bottleneck.magnet.queries) in ids
    counted = sum(len(group["params"]) for group in optimizer.param_groups)
    assert counted == len(ids)


def test_a_step_moves_codebook_and_queries(bottleneck: ConceptBottleneck) -> None:
    network = IVQCBM(torch.nn.Linear(6, 6), bottleneck.float())
    optimizer = build_optimizer(network, TrainConfig(name="x"))
    before = [network.bottleneck.ivq.codebook.clone(), network.bottleneck.magnet.queries.clone()]
    output = network(torch.randn(2, 9, 6))
    (output.ivq_loss + output.logits.square().sum()).backward()
    optimizer.step()
    assert not torch.equal(before[0], network.bottleneck.ivq.codebook)
    assert not torch.equal(before[1], network.bottleneck.magnet.queries)


def test_cosine_rises_then_falls_to_zero() -> None:
    config = TrainConfig(name="x", warmup=0.25)
    rates = [rate_factor(config, step, 20) for step in range(21)]
    assert rates[:5] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
    assert rates[5:] == sorted(rates[5:], reverse=True)
    assert rates[20] == pytest.approx(0.0)


def test_exponential_decay_falls_by_one_factor_to_the_final_rate() -> None:
    config = TrainConfig(name="x", warmup=0.1, schedule="exponential", final_rate=0.01)
    rates = [rate_factor(config, step, 100) for step in range(101)]
    assert rates[10] == pytest.approx(1.0)
    ratios = [later / earlier for earlier, later in itertools.pairwise(rates[10:])]
    assert ratios == pytest.approx([ratios[0]] * len(ratios))
    assert rates[100] == pytest.approx(0.01)


GROUPS = (slice(0, 2), slice(2, 3))


def _plain_scorer() -> OptionScorer:
    """D = T = 2, identity projection, three options in two groups, logit scale 1."""
    scorer = OptionScorer(2, torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]), torch.tensor([0, 0, 1]))
    scorer.projection.weight.data = torch.eye(2)
    scorer.projection.bias.data.zero_()
    scorer.log_scale.data.zero_()
    return scorer


def test_localization_loss_by_hand() -> None:
    tokens = torch.tensor([[[3.0, 0.0], [0.0, 2.0], [-1.0, 0.0], [0.0, -1.0]]])  # cosines to option 0: 1, 0, -1, 0
    masks = torch.tensor([[[[1.0, 0.5], [0.0, 0.0]], [[1.0, 1.0], [0.0, 0.0]]]])
    options = torch.tensor([[0, -1]])
    weights = np.exp([1.0, 0.0, -1.0, 0.0])
    expected = -np.log((weights[0] + 0.5 * weights[1]) / weights.sum())
    loss = localization_loss(_plain_scorer(), tokens, options, masks, GROUPS)
    assert loss.item() == pytest.approx(expected, rel=1e-5)


def test_localization_loss_takes_the_only_option_of_a_group_that_is_present() -> None:
    tokens = torch.tensor([[[3.0, 0.0], [0.0, 2.0], [-1.0, 0.0], [0.0, -1.0]]])
    masks = torch.zeros(1, 2, 2, 2)
    masks[0, 1, 1, 0] = 1.0
    weights = np.exp([-1.0, 0.0, 1.0, 0.0])
    loss = localization_loss(_plain_scorer(), tokens, torch.tensor([[0, 1]]), masks, GROUPS)
    assert loss.item() == pytest.approx(-np.log(weights[2] / weights.sum()), rel=1e-5)


def test_localization_loss_leaves_out_the_unknown_and_the_empty() -> None:
    scorer, tokens = _plain_scorer(), torch.randn(1, 4, 2, requires_grad=True)
    masks = torch.ones(1, 2, 2, 2)
    assert localization_loss(scorer, tokens, torch.tensor([[-1, -1]]), masks, GROUPS).item() == 0.0
    assert localization_loss(scorer, tokens, torch.tensor([[0, 0]]), 0 * masks, GROUPS).item() == 0.0
    with pytest.raises(ValueError, match="2 groups"):
        localization_loss(scorer, tokens, torch.tensor([[0, 0]]), masks[:, :1], GROUPS)


def test_class_weights_balance_the_frequencies() -> None:
    weights = class_weights(np.array([0, 0, 0, 1]), 3, 1.0)
    assert weights[1] == pytest.approx(3 * weights[0])
    assert weights[2] == 0.0
    assert (0.75 * weights[0] + 0.25 * weights[1]) == pytest.approx(1.0)
    assert class_weights(np.array([0, 0, 0, 1]), 2, 0.0).tolist() == [1.0, 1.0]


def test_config_reads_yaml(tmp_path: Path) -> None:
    path = tmp_path / "train.yaml"
    path.write_text("name: mine\nepochs: 3\ndata: {train: 128}\n")
    config = TrainConfig.load(path)
    assert (config.name, config.epochs, config.data.train) == ("mine", 3, 128)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("name: mine\nepoch: 3\n", "epoch"),
        ("name: Mine\n", "name"),
        ("name: mine\ndata: {train: 1}\n", r"data\.train"),
        ("- a\n", "file"),
        ("a: [", "cannot be read"),
    ],
)
def test_config_errors_name_the_field(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "train.yaml"
    path.write_text(text)
    with pytest.raises(TrainConfigError, match=fault):
        TrainConfig.load(path)


def test_missing_config_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainConfigError, match=r"none\.yaml cannot be read"):
        TrainConfig.load(tmp_path / "none.yaml")
