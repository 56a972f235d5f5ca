"""Tests of the marker: its alignment, comparison, network, and what the runtime makes of it."""
