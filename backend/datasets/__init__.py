"""Data sets on the server: what can be imported, imports that run beside the server, and what they made."""
