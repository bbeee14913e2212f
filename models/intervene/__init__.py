"""What-if on the bottleneck: edits of option scores, the smallest change that flips a decision, what to check first."""
