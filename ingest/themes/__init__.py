"""Themes: what a brand's mentions are about. Finding and sorting are pure; rebuild.py and assign.py write."""
