"""Who may do what, and which rows they see: the one place where that is decided."""
