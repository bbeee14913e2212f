"""Training: settings, data, loop, figures, checkpoint."""

from models.train.config import TrainConfig, TrainConfigError
from models.train.run import initial_checkpoint, train

__all__ = ["TrainConfig", "TrainConfigError", "initial_checkpoint", "train"]
