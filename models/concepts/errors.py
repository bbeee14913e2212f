"""The one error of this package."""


class ConceptSetError(ValueError):
    """A concept set cannot be used; the message names the file, the place and what to do."""
