"""Tests of the bases: loaded, quantized, tiny, adapted."""
