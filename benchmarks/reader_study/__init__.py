"""Load on the reading room: many readers at once, and whether every answer is there afterwards."""
