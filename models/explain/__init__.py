"""Explanations: Grad-CAM in closed form, overlays."""
