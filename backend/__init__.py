"""The web application: HTTP, database, storage, command line."""
