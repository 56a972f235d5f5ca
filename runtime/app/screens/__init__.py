"""A module or folder for each place one can be in."""
