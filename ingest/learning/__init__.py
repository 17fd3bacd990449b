"""Learning: what a brand's labels teach, measured on labels that it did not learn from. Nothing here is ever adopted
by itself."""
