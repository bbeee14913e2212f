"""Settings, errors, storage, middleware: what every domain stands on."""
