"""Tests of the marker: its alignment, network, and what the runtime makes of it."""
