"""What a procedural set draws: classes, groups and options, and how often each class shows which option.

Given the class, the groups are drawn independently of each other.

Shapes: N draws, K groups, C classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Tables = Mapping[str, Mapping[str, tuple[float, ...]]]


@dataclass(frozen=True)
class Catalogue:
    """The keys of a set and the distributions they are drawn from.

    Attributes:
        class_keys: in the order of the concept set.
        option_keys: options by group key, in the order of the concept set.
        localizable: groups with masks.
        prior: how often each class occurs, by class key.
        tables: probability of each option, by class key and group key.
    """

    class_keys: tuple[str, ...]
    option_keys: Mapping[str, tuple[str, ...]]
    localizable: tuple[str, ...]
    prior: Mapping[str, float]
    tables: Tables

    @property
    def group_keys(self) -> tuple[str, ...]:
        """Groups in the order of the concept set."""
        return tuple(self.option_keys)

    def draw_class(self, rng: np.random.Generator) -> int:
        """Draws a class index from the prior."""
        edges = np.cumsum([self.prior[key] for key in self.class_keys])
        return int(np.searchsorted(edges[:-1], rng.random(), side="right"))

    def check_class(self, class_index: int) -> None:
        """Raises ValueError if there is no such class."""
        if not 0 <= class_index < len(self.class_keys):
            raise ValueError(f"class_index is {class_index}; expected 0 to {len(self.class_keys) - 1}")

    def draw_options(self, rng: np.random.Generator, class_index: int) -> NDArray[np.int64]:
        """Draws one option per group for a class, (K,)."""
        tables = self.tables[self.class_keys[class_index]]
        chances = rng.random(len(self.option_keys))
        return np.array(
            [
                np.searchsorted(np.cumsum(tables[group])[:-1], chance, side="right")
                for group, chance in zip(self.option_keys, chances, strict=True)
            ],
            np.int64,
        )

    def named(self, options: NDArray[np.int64]) -> dict[str, str]:
        """Option key by group key.

        Args:
            options: (K,) option within each group.

        Raises:
            ValueError: if the shape is another or an option does not exist.
        """
        if options.shape != (len(self.option_keys),):
            raise ValueError(f"options have shape {options.shape}; expected ({len(self.option_keys)},)")
        chosen = {}
        for (group, keys), option in zip(self.option_keys.items(), options, strict=True):
            if not 0 <= option < len(keys):
                raise ValueError(f"{group} has no option {option}; expected 0 to {len(keys) - 1}")
            chosen[group] = keys[int(option)]
        return chosen

    def bayes_accuracy(self, count: int, seed: int, groups: tuple[str, ...]) -> float:
        """Balanced accuracy of the best classifier that is told the true options, by Monte Carlo.

        Balanced accuracy weighs classes equally, so the best decision is the largest likelihood: the prior plays no
        part.

        Args:
            count: draws, an equal share per class.
            seed: of the draws.
            groups: which groups it is told.

        Returns:
            Mean recall over the classes.

        Raises:
            ValueError: if there is less than one draw per class, or a group is unknown.
        """
        per_class = count // len(self.class_keys)
        if per_class < 1:
            raise ValueError(f"count is {count}; expected at least {len(self.class_keys)}")
        if unknown := set(groups) - set(self.option_keys):
            known = ", ".join(self.option_keys)
            raise ValueError(f"no such groups: {', '.join(sorted(unknown))}; expected some of {known}")
        rng = np.random.default_rng(seed)
        tables = {group: np.array([self.tables[key][group] for key in self.class_keys]) for group in groups}
        recalls = []
        for index in range(len(self.class_keys)):
            likelihood = np.zeros((per_class, len(self.class_keys)))
            for group in groups:
                drawn = rng.choice(len(self.option_keys[group]), per_class, p=tables[group][index])
                # An option that a class never shows rules the class out.
                with np.errstate(divide="ignore"):
                    likelihood += np.log(tables[group][:, drawn]).T
            recalls.append(float(np.mean(likelihood.argmax(axis=1) == index)))
        return float(np.mean(recalls))
