"""The child of a training run without its worker: an order on standard input, events on standard output.

The argument is the number of threads: weights are the same bit for bit only with the same number.
"""

from __future__ import annotations

import json
import sys

import torch

from backend.core.child import Reporter
from backend.training_runs.running import run_training

if __name__ == "__main__":
    torch.set_num_threads(int(sys.argv[1]))
    run_training(json.loads(sys.stdin.readline()), Reporter(sys.stdout))
