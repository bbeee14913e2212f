"""Index maps and Grad-CAM maps of some images side by side, as the paper shows them."""
