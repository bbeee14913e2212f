"""One intervention as a file: a page with pictures, JSON, CSV. Pure functions from plain data to bytes."""
