"""The concept bottleneck model: IVQ, Magnet attention, concept scores and the linear head."""
