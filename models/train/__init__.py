"""Training: settings, data, loop, figures, checkpoint."""

from models.train.config import TrainConfig, TrainConfigError
from models.train.engine import TrainingCancelled
from models.train.run import Running, initial_checkpoint, train
from models.train.state import ResumeError, state_path

__all__ = [
    "ResumeError",
    "Running",
    "TrainConfig",
    "TrainConfigError",
    "TrainingCancelled",
    "initial_checkpoint",
    "state_path",
    "train",
]
