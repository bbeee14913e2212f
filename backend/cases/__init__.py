"""Cases: one image under review each."""
