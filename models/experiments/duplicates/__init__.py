"""How much of a published figure is worth what near-duplicates in a random split leak."""
