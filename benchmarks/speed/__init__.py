"""How fast Vitrine is, in ratios that are taken in one run. ``python -m benchmarks.speed``."""
