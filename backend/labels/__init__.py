"""Labels: what a person sees in a case, to be held against what a model says."""
