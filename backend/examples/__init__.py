"""Example images from the procedural test split, always marked synthetic."""
