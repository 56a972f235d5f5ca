"""Tests of quantizing."""
