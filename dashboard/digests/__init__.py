"""Digests: the weekly letter to each member, written as a row before it is sent."""
