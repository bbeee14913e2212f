"""Text embeddings of an edited concept set: those that are known stay, bit for bit.

Shapes: O options, T text width.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from models.checkpoint import Checkpoint
from models.concepts import ConceptSet
from models.encoders.lite import LITE_ARCHITECTURE
from models.encoders.loading import TIMM, EncoderError, TextEncoder, load_text_encoder
from models.encoders.small import ARCHITECTURE
from models.train.retrain.changes import plan
from models.train.retrain.errors import RetrainError

# Two machines, or a file in another precision, differ in the third digit; another tower by far more.
_SAME = 0.99


def embed_options(parent: Checkpoint, stored: Tensor, concept_set: ConceptSet) -> Tensor:
    """Embeds what is new; the text tower is not loaded where nothing is.

    Args:
        parent: gives the tower's name.
        stored: (O, T) embeddings of the parent's options.
        concept_set: the edited one.

    Returns:
        (O, T), normalised.

    Raises:
        RetrainError: if the parent's text tower cannot be loaded, or is another one now.
    """
    wanted = plan(parent.concept_set, concept_set).embedded
    known = dict(zip(parent.concept_set.option_ids, stored, strict=True))
    if wanted:
        tower = _tower(parent, wanted)
        _check_same(tower, parent, stored)
        prompts = dict(zip(concept_set.option_ids, concept_set.prompts(), strict=True))
        embedded = F.normalize(tower.embed([prompts[option] for option in wanted]), dim=-1)
        known |= dict(zip(wanted, embedded, strict=True))
    return torch.stack([known[option] for option in concept_set.option_ids])


def _tower(parent: Checkpoint, wanted: tuple[str, ...]) -> TextEncoder:
    name = parent.config.encoder
    # The weights of Vitrine's own text tower do not depend on what the image tower began with.
    own = name in (ARCHITECTURE, LITE_ARCHITECTURE) or name.startswith(TIMM)
    settings = parent.metrics.get("training", {}).get("settings", {})
    try:
        return load_text_encoder(name, None if own else settings.get("pretrained"))
    except EncoderError as error:
        raise RetrainError(
            f"{', '.join(wanted[:3])}{' …' if len(wanted) > 3 else ''} cannot be embedded, because the text tower of "
            f"{parent.folder} cannot be loaded: {error} Without it options can be removed and reordered only."
        ) from error


def _check_same(tower: TextEncoder, parent: Checkpoint, stored: Tensor) -> None:
    """Raises ``RetrainError`` if the tower does not give the parent's own first option the embedding it has."""
    found = F.normalize(tower.embed(parent.concept_set.prompts()[:1]), dim=-1)[0]
    if found.shape != stored[0].shape or float(found @ stored[0]) < _SAME:
        raise RetrainError(
            f"the text tower that {parent.config.encoder!r} now loads is not the one that {parent.folder} was trained "
            "with: its own options come out elsewhere; restore the encoder's files"
        )
