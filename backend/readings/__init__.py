"""Reader studies as their readers see them: one blinded item after the other, and answers that stay."""
