"""What the decision loses when the patches that a map marks are blurred, and wins when only they are sharp."""
