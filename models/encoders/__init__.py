"""Image and text encoders, all through open_clip."""
