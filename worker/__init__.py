"""Background tasks. Thin: a task unwraps its arguments and calls a service of the backend."""
