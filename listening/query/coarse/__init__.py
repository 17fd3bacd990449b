"""Coarse queries: weaker forms of a query for those who cannot judge it, Postgres and the networks' own searches.

Each may return too much and never too little; where a network cannot ask for everything that a query matches, the
answer says so (`complete` is False) in a sentence. The matcher judges whatever comes back.
"""
