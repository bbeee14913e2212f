"""The network that a retraining starts from: all that stays has the parent's weights.

Shapes: K groups, O options, C classes, M codes, D token width, T text width, N tokens.
"""

from __future__ import annotations

import torch
from torch import Tensor

from models.cbm.global_vector import GlobalAggregation
from models.cbm.ivq import squared_distances
from models.cbm.network import IVQCBM, ConceptBottleneck
from models.checkpoint import Checkpoint, ModelConfig, build_network, load_network
from models.concepts import ConceptSet
from models.train.retrain.changes import plan
from models.train.retrain.texts import embed_options

_QUERIES, _CODES = range(2)


def child_config(parent: Checkpoint, concept_set: ConceptSet, **changes: str | bool) -> ModelConfig:
    """The parent's architecture for the edited set: where it had a code for each group (M = K), so has the child.

    Args:
        parent: to start from.
        concept_set: the edited one.
        changes: other fields, such as the name.
    """
    config = parent.config
    codes = concept_set.group_count if config.codes == parent.concept_set.group_count else config.codes
    return config.model_copy(update={"codes": codes, **changes})


def warm_start(parent: Checkpoint, concept_set: ConceptSet, tokens: Tensor | None = None, seed: int = 0) -> IVQCBM:
    """Builds the network for an edited concept set.

    Encoder, projection, logit scale, temperature and the head's bias are the parent's; Magnet queries go by the key of
    their group, text embeddings and columns of the head by the id of their option. What the parent lacks:

    - A new option's column of the head is zero: at first it is read, but decides nothing.
    - What a removed option added to the logits on average over the validation images goes into the bias.
    - A new group's query lies halfway between the mean token and a token far from the queries there are (k-means++),
      as at the start of a training; without tokens it is the mean of the parent's queries.
    - Where the parent has a code for each group, a new group adds one, a token far from the codes there are (without
      tokens the mean code), and a removed group takes one away: the one named after it, else the least used.

    Args:
        parent: checkpoint to start from.
        concept_set: the edited one, with the same classes.
        tokens: (N, D) patch tokens of training images, for new groups.
        seed: of the choice among them.

    Returns:
        The network in float32 on the CPU, trainable.

    Raises:
        RetrainError: if the classes differ, or new options cannot be embedded.
        CheckpointError: if the parent's weights cannot be read.
    """
    changes = plan(parent.concept_set, concept_set)
    old = load_network(parent)
    embeddings = embed_options(parent, old.bottleneck.scorer.text_embeddings, concept_set)
    network = build_network(child_config(parent, concept_set), concept_set, embeddings)
    network.encoder.load_state_dict(old.encoder.state_dict())
    with torch.no_grad():
        new = network.bottleneck
        # Normalised again on the way in, which may change the last bit of what stays.
        new.scorer.text_embeddings.copy_(embeddings)
        new.scorer.projection.load_state_dict(old.bottleneck.scorer.projection.state_dict())
        new.scorer.log_scale.copy_(old.bottleneck.scorer.log_scale)
        _inherit_head(new, old.bottleneck, parent, concept_set)
        _inherit_groups(new, old.bottleneck, parent.concept_set, concept_set, _Far(tokens, seed, _QUERIES))
        new.ivq.codebook.copy_(
            _codes(old.bottleneck.ivq.codebook, parent, changes.groups_removed, len(new.ivq.codebook), tokens, seed)
        )
    return network


def _inherit_head(new: ConceptBottleneck, old: ConceptBottleneck, parent: Checkpoint, concept_set: ConceptSet) -> None:
    before = parent.concept_set
    rows = [before.class_keys.index(key) for key in concept_set.class_keys]
    weight, bias = old.head.weight[rows], old.head.bias[rows]
    columns = {option: column for column, option in enumerate(before.option_ids)}
    new.head.weight.zero_()
    for column, option in enumerate(concept_set.option_ids):
        if option in columns:
            new.head.weight[:, column] = weight[:, columns[option]]
    gone = [column for option, column in columns.items() if option not in concept_set.option_ids]
    means = torch.tensor(parent.statistics.means)
    new.head.bias.copy_(bias + weight[:, gone] @ means[gone])


class _Far:
    """Draws tokens far from centres, each next one with a chance proportional to its squared distance (k-means++)."""

    def __init__(self, tokens: Tensor | None, seed: int, purpose: int) -> None:
        self.tokens = None if tokens is None else tokens.float()
        self._generator = torch.Generator().manual_seed(seed * 1_000_003 + purpose)

    def __call__(self, centres: Tensor) -> Tensor:
        """A token (D,) far from the centres (N, D); their mean where there are no tokens."""
        if self.tokens is None:
            return centres.mean(0)
        nearest = squared_distances(self.tokens.unsqueeze(0), centres)[0].min(-1).values
        weights = nearest if float(nearest.sum()) > 0 else torch.ones_like(nearest)
        return self.tokens[int(torch.multinomial(weights, 1, generator=self._generator))]


def _inherit_groups(
    new: ConceptBottleneck, old: ConceptBottleneck, before: ConceptSet, concept_set: ConceptSet, far: _Far
) -> None:
    """Magnet queries (K, D), or projections (K, D, D) of a global vector; a new projection stays the identity."""
    place = {key: row for row, key in enumerate(before.group_keys)}
    if isinstance(new.magnet, GlobalAggregation):
        for row, key in enumerate(concept_set.group_keys):
            if key in place and isinstance(old.magnet, GlobalAggregation):
                new.magnet.projections[row] = old.magnet.projections[place[key]]
        return
    if isinstance(old.magnet, GlobalAggregation):
        raise TypeError("parent and child aggregate their tokens differently")
    if new.magnet.log_temperature is not None and old.magnet.log_temperature is not None:
        new.magnet.log_temperature.copy_(old.magnet.log_temperature)
    seen = old.magnet.queries.clone()
    for row, key in enumerate(concept_set.group_keys):
        if key in place:
            new.magnet.queries[row] = old.magnet.queries[place[key]]
            continue
        seed = far(seen)
        new.magnet.queries[row] = seed if far.tokens is None else 0.5 * (seed + far.tokens.mean(0))
        seen = torch.cat([seen, seed.unsqueeze(0)])


def _codes(
    codebook: Tensor, parent: Checkpoint, removed: tuple[str, ...], count: int, tokens: Tensor | None, seed: int
) -> Tensor:
    """(count, D): the parent's codes in their order without those of removed groups, then new ones."""
    rows = list(range(len(codebook)))
    if len(codebook) == parent.concept_set.group_count:
        for key in removed:
            rows.remove(_least_needed(parent, rows, key))
    codes = codebook[rows]
    far = _Far(tokens, seed, _CODES)
    while len(codes) < count:
        codes = torch.cat([codes, far(codes if len(codes) else codebook).unsqueeze(0)])
    return codes


def _least_needed(parent: Checkpoint, rows: list[int], group: str) -> int:
    """The code that is named after a group, the strongest such; else the one that fewest patches have."""
    known = parent.statistics.codes
    named = [row for row in rows if known[row].group_key == group]
    if named:
        return max(named, key=lambda row: known[row].association or 0.0)
    return min(rows, key=lambda row: known[row].share)
