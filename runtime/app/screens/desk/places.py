"""Where files are suggested to be written.

suggested("Fractions, test 2", ".html")        "~/Fractions-test-2.html", whole
"""

import re
from pathlib import Path

_NAME_CHARS = 40


def suggested(name: str, ending: str) -> str:
    """Return a name in the user's documents, or home, made of harmless characters of ``name``."""
    plain = re.sub(r"[^\w]+", "-", name[:_NAME_CHARS]).strip("-_") or "kindmark"
    return str(_folder() / f"{plain}{ending}")


def _folder() -> Path:
    try:
        home = Path.home()
    except RuntimeError:
        return Path.cwd()
    documents = home / "Documents"
    return documents if documents.is_dir() else home
