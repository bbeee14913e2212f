"""The command line: thin commands over models and the services of the backend."""
