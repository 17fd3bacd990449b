"""The engine `earshot`: its networks, how they are trained, and how they become the files that are shipped.

Nothing here is imported by the product. `python -m training.earshot --help` says what is needed.
"""
