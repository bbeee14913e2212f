"""Damaged and crafted files at the server's door: every one gets an answer, and the server stays as it was."""
