"""Labelling: which mentions are put before somebody, and what becomes of the answers."""
