"""Spikes: judge completed hours of the tally, keep what stood out, and say what drove it.

Lives in this room because only here is known which hours were not collected (`dashboard.reports.coverage`); the
detector itself is pure and lives below, in `listening.spikes`.
"""
