"""What is counted while an epoch runs."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Clock:
    """Where an epoch's time went, and over how many images."""

    start: float = field(default_factory=time.perf_counter)
    images: int = 0
    waited: float = 0.0
    prepared: float = 0.0

    def figures(self) -> dict[str, float]:
        """For the epoch's report."""
        seconds = time.perf_counter() - self.start
        return {
            "images_per_second": self.images / max(seconds, 1e-9),
            "seconds": seconds,
            "waiting_seconds": self.waited,
            "preparing_seconds": self.prepared,
        }


def train_accuracy(sums: dict[str, float], classes: int) -> dict[str, float]:
    """Accuracy and BMAC over the augmented training batches of an epoch."""
    seen = np.array([sums.get(f"seen/{label}", 0.0) for label in range(classes)])
    hit = np.array([sums.get(f"hit/{label}", 0.0) for label in range(classes)])
    present = seen > 0
    return {
        "class_accuracy": float(hit.sum() / max(1.0, seen.sum())),
        "class_bmac": float(np.mean(hit[present] / seen[present])) if present.any() else 0.0,
    }
