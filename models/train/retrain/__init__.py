"""Retraining: a trained model goes on with an edited concept set and corrected labels."""

from models.train.retrain.changes import Plan, Rewording, plan
from models.train.retrain.errors import RetrainError
from models.train.retrain.run import Watching, retrain
from models.train.retrain.settings import RetrainConfig
from models.train.retrain.warm import warm_start

__all__ = ["Plan", "RetrainConfig", "RetrainError", "Rewording", "Watching", "plan", "retrain", "warm_start"]
