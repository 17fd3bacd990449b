"""What X's API v2 says, read without a client: shared by the X source and by imports of saved pages."""
