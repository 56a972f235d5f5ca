"""What is opened and closed: one base for all that holds a file, a process or a model."""

from typing import Self


class Closing:
    """A context manager that closes itself at its end. ``close`` may be called more than once."""

    def close(self) -> None:
        """Give back what is held."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        """Return the object itself."""
        return self

    def __exit__(self, *_details: object) -> None:
        """Close, whether or not something was raised."""
        self.close()
