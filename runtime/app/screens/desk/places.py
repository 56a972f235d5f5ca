"""Where files are suggested to be written.

suggested("Fractions, test 2", ".html")        "~/Fractions-test-2.html", whole

A name that is taken is never suggested: the file that a set came from often lies in that folder.
"""

import re
from pathlib import Path

_NAME_CHARS = 40
_TRIED = 100


def suggested(name: str, ending: str) -> str:
    """Return a name in the user's documents, or home, made of harmless characters of ``name``."""
    plain = re.sub(r"[^\w]+", "-", name[:_NAME_CHARS]).strip("-_") or "kindmark"
    folder = _folder()
    names = (f"{plain}{ending}", *(f"{plain}-{number}{ending}" for number in range(2, _TRIED)))
    free = (name for name in names if not (folder / name).exists())
    return str(folder / next(free, names[0]))


def _folder() -> Path:
    try:
        home = Path.home()
    except RuntimeError:
        return Path.cwd()
    documents = home / "Documents"
    return documents if documents.is_dir() else home
