"""Reader studies as those who run them see them: design, candidates, publication, readers, protocol."""
