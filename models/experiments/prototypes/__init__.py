"""Prototype-assignment statistics (appendix K.3): which codes are used, by which concepts, and what that tells."""
