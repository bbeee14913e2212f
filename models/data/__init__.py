"""Data sets: manifests and adapters, and procedural sets that come with the project."""
