"""Trains the small encoder's text tower, from scratch, on the wording of the shipped concept sets alone.

The option scores are cosines against frozen text embeddings, so those embeddings must tell options apart and put
paraphrases of one option together. A random text tower does neither: prompts share their template, and nearly all
their embeddings coincide. Here the tower learns it contrastively (InfoNCE): two wordings of one option in two
templates attract, the other options of all sets repel. It knows the shipped vocabulary, not language at large:
an option in new words gets a distinct embedding, not a deeply understood one.

Run: ``python -m models.encoders.text_training`` (a minute on two cores); the result ships with the project.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from models.concepts import ConceptSet, available_concept_sets, load_concept_set
from models.encoders.loading import SMALL_TEXT_WEIGHTS
from models.encoders.small import ARCHITECTURE, register_architecture

register_architecture()

import open_clip  # noqa: E402

_TEMPLATES = (
    "{option}",
    "{group}: {option}",
    "an image showing {option}",
    "a medical image, {group}: {option}",
    "the {group} is {option}",
)
_TEMPERATURE = 0.1


def option_wordings(concept_set: ConceptSet) -> list[list[str]]:
    """For every option, all its wordings (text and synonyms) in all templates, the set's own prompt among them."""
    templates = (*_TEMPLATES, concept_set.prompt)
    return [
        [
            template.format(group=group.name.lower(), option=text)
            for text in (option.text, *option.synonyms)
            for template in templates
        ]
        for group in concept_set.groups
        for option in group.options
    ]


def train_text_tower(steps: int = 600, seed: int = 0, learning_rate: float = 1e-3) -> tuple[Any, float]:
    """Trains the tower.

    Args:
        steps: optimizer steps; each sees every option once.
        seed: of weights and of the drawing of wordings.
        learning_rate: peak, decayed with a cosine.

    Returns:
        The model with its trained text tower, and the share of held-out wordings (the last synonym of each
        option) whose nearest option prompt is their own.
    """
    torch.manual_seed(seed)
    sets = [load_concept_set(name) for name in available_concept_sets()]
    wordings = [option for concept_set in sets for option in option_wordings(concept_set)]
    held_out = len(_TEMPLATES) + 1  # wordings per text; the last text of an option is not trained on
    model = open_clip.create_model(ARCHITECTURE, load_weights=False)
    tokenizer = open_clip.get_tokenizer(ARCHITECTURE)
    tokens = [tokenizer(option) for option in wordings]
    trained = [option[:-held_out] for option in tokens]
    optimizer = torch.optim.AdamW(model.text.parameters(), learning_rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(steps):
        first, second = (F.normalize(model.text(_draw(trained)), dim=-1) for _ in range(2))
        logits = first @ second.t() / _TEMPERATURE
        target = torch.arange(len(trained))
        loss = F.cross_entropy(logits, target) + F.cross_entropy(logits.t(), target)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
    return model, _retrieval(model, tokens, held_out)


def _draw(options: list[Tensor]) -> Tensor:
    return torch.stack([option[torch.randint(len(option), ())] for option in options])


@torch.no_grad()
def _retrieval(model: Any, tokens: list[Tensor], held_out: int) -> float:
    """Share of held-out wordings nearest to their own option's main text in the same template."""
    correct = []
    for template in range(held_out):
        prompts = torch.stack([option[template] for option in tokens])
        unseen = torch.stack([option[len(option) - held_out + template] for option in tokens])
        similarity = model.encode_text(unseen, normalize=True) @ model.encode_text(prompts, normalize=True).t()
        correct.append((similarity.argmax(1) == torch.arange(len(tokens))).float().mean())
    return float(torch.stack(correct).mean())


def main() -> None:
    """Trains the tower and writes its weights in float16."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=SMALL_TEXT_WEIGHTS)
    arguments = parser.parse_args()
    model, retrieval = train_text_tower(arguments.steps, arguments.seed)
    weights = {key: value.half().contiguous() for key, value in model.text.state_dict().items()}
    save_file(weights, arguments.out)
    print(f"held-out wordings nearest to their own option: {retrieval:.3f}")  # noqa: T201
    print(f"wrote {arguments.out}")  # noqa: T201


if __name__ == "__main__":
    main()
