"""Training: how the shipped weights were made. Not part of the running product."""
