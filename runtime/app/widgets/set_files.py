"""The folders of this machine with the class sets in them, to choose one with the mouse or arrows.

yield SetFiles(Path.home(), id="files")        posts DirectoryTree.FileSelected
"""

from collections.abc import Iterable
from pathlib import Path

from rich.text import Text
from textual.widgets import DirectoryTree

from runtime.app.plain import one_line

ENDINGS = (".jsonl", ".csv", ".tsv", ".tab", ".txt")


class SetFiles(DirectoryTree):
    """Folders and files that may be class sets; hidden ones are left out."""

    # Signs that every terminal has a letter for.
    ICON_NODE = "▸ "
    ICON_NODE_EXPANDED = "▾ "
    ICON_FILE = "  "

    def filter_paths(self, paths: Iterable[Path]) -> Iterable[Path]:
        """Leave out what cannot be a class set."""
        return [path for path in paths if not path.name.startswith(".") and _may_be(path)]

    def process_label(self, label: object) -> Text:
        """Show a name as it is, harmless and in one line."""
        return Text(one_line(str(label), 60))


def _may_be(path: Path) -> bool:
    try:
        return path.suffix.lower() in ENDINGS or path.is_dir()
    except OSError:
        return False
