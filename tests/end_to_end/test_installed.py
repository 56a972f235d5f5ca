"""An installed copy finds what ships with it: laid out as the wheel's mapping says."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHOW = """
import json
from runtime import locations
print(json.dumps([str(locations.shipped_models()), str(locations.shipped_examples())]))
from runtime.cli.main import main
main(["models", "list", "--json"])
"""


def unpacked(folder: Path) -> Path:
    """Copy the packages and folders to where the wheel would put them."""
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    target = wheel["tool"]["hatch"]["build"]["targets"]["wheel"]
    pairs = {name: name for name in target["packages"]} | target["force-include"]
    for source, destination in pairs.items():
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / source, folder / destination, ignore=ignore)
    return folder


def test_models_and_examples_are_found(tmp_path: Path) -> None:
    site = unpacked(tmp_path / "site-packages")
    done = subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site), "KINDMARK_MODELS": str(tmp_path)},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    first, _, listed = done.stdout.partition("\n")
    models, examples = map(Path, json.loads(first))
    assert models == site / "runtime" / "_models"
    assert (examples / "class-set.jsonl").is_file()
    states = {row["kind"]: row["state"] for row in json.loads(listed)}
    assert states == {"base": "missing", "head": "ok"}
