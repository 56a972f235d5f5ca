"""Tests of what the benchmarks are built from."""
