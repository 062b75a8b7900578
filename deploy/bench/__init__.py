"""Benchmarks: each prints a table and writes var/bench/<area>.json."""
