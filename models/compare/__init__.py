"""Two models on the same images: figures, paired differences with intervals, and whose prediction changed."""
