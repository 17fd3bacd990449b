"""The benchmarks: how fast Earshot reads, stores and shows, and how much memory it takes while idle."""
