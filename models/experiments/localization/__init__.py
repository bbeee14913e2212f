"""Where the maps point, held against masks, beside maps that know nothing."""
