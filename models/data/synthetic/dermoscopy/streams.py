"""The random streams of a dermoscopic picture: those of every procedural set, under the name they always had here."""

from models.data.records import SPLITS, SplitName
from models.data.synthetic.streams import Streams, streams_of

__all__ = ["SPLITS", "SplitName", "Streams", "streams_of"]
