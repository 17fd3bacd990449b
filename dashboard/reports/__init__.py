"""The read models: plain numbers out. Every figure on every screen and in every mail comes from here.

Reports take brands and a period, never a request, and return frozen dataclasses.
"""
