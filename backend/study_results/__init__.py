"""What a reader study found: statistics, exports, report."""
