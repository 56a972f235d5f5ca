"""What runs on the child's machine: marking core, judge, class sets and the command line."""

__version__ = "0.1.0"
