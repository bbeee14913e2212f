"""IVQ-CBM: concept sets, data, training, explanation. Knows no web and no database."""
