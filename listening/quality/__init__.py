"""Quality: the mathematics of how good a finding is. Pure functions of plain values; no database, no clock."""
