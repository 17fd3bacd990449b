"""Everybody who may and may not see a brand."""

from tests.dashboard.pages.conftest import brand, marketer, signed_in

__all__ = ["brand", "marketer", "signed_in"]
