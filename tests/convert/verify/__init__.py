"""Tests of what holds converted files against the models they were made from."""
