"""Where files lie. Each place is one function, so that tests and packagers can find them all."""

import os
from pathlib import Path

import platformdirs


def shipped_models() -> Path:
    """The catalogue, heads and model cards that come with Kindmark."""
    return _shipped("models")


def shipped_examples() -> Path:
    """The example class set that comes with Kindmark."""
    return _shipped("examples")


def _shipped(name: str) -> Path:
    installed = Path(__file__).parent / f"_{name}"
    return installed if installed.is_dir() else Path(__file__).parents[1] / name


def model_store() -> Path:
    """Fetched and converted models (``KINDMARK_MODELS`` overrides the user's data folder)."""
    chosen = os.environ.get("KINDMARK_MODELS")
    return Path(chosen) if chosen else platformdirs.user_data_path("kindmark") / "models"


def records_folder() -> Path:
    """Learners and their work (``KINDMARK_RECORDS`` overrides the user's data folder)."""
    chosen = os.environ.get("KINDMARK_RECORDS")
    return Path(chosen) if chosen else platformdirs.user_data_path("kindmark") / "records"


def sets_folder() -> Path:
    """Question sets (``items``) and ``rubrics`` that came in bundles."""
    return platformdirs.user_data_path("kindmark")


def prefix_cache() -> Path:
    """What models have read of rubrics and questions (``KINDMARK_CACHE`` overrides the user's
    cache folder)."""
    chosen = os.environ.get("KINDMARK_CACHE")
    return (Path(chosen) if chosen else platformdirs.user_cache_path("kindmark")) / "prefixes"


def machine_settings() -> Path:
    """What was measured on this machine (``KINDMARK_STATE`` overrides the user's state folder)."""
    chosen = os.environ.get("KINDMARK_STATE")
    return (Path(chosen) if chosen else platformdirs.user_state_path("kindmark")) / "machine.toml"


def user_settings() -> Path:
    """What the user chose (``KINDMARK_CONFIG`` overrides the user's settings folder)."""
    chosen = os.environ.get("KINDMARK_CONFIG")
    return (Path(chosen) if chosen else platformdirs.user_config_path("kindmark")) / "settings.toml"
