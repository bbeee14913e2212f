"""What administrators do with accounts and groups."""
