"""Webhooks: which events there are, how each message is signed, and whom it may be sent to. No tables, no sending."""
