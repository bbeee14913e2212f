"""Agreement: what people marked, held against what a model says of the same cases."""
