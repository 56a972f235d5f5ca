"""Writes what lies beside the weights of a merged model: config.json, tokenizer, template.

The tokenizer and the chat template are those the adapter was trained with. The config is the
base's; with the head left in it names the class that has one.
"""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from convert.merge.base_folder import Base, read_table
from convert.merge.belonging import read_vocabulary

_TOKENIZER = (
    *("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"),
    *("tokenizer.model", "vocab.txt", "vocab.json", "merges.txt"),
)
_TEMPLATES = ("chat_template.jinja", "chat_template.json")
_OTHERS = ("generation_config.json",)
_WITH_HEAD = "ForSequenceClassification"
# A class with a head of its own, as the base is named when it was made into a classifier before.
_PLAIN = {"bert": "BertModel"}


def copy_companions(base: Base, adapter: Path, folder: Path) -> None:
    """Copy tokenizer and template, the adapter's before the base's.

    The template is the base's only if the adapter brings no tokenizer at all: one trained without
    a template must not get one.
    """
    trained = any((adapter / name).is_file() for name in _TOKENIZER)
    for name in (*_TOKENIZER, *_TEMPLATES, *_OTHERS):
        sources = [adapter] if trained and name in _TEMPLATES else [adapter, base.folder]
        if found := next((at / name for at in sources if (at / name).is_file()), None):
            shutil.copyfile(found, folder / name)


def write_config(base: Base, folder: Path, labels: Sequence[str] | None = None) -> None:
    """Write ``config.json``: that of the plain model or, with ``labels``, of a classifier.

    Call it after ``copy_companions``: a classifier finds the end of a text by its padding.
    """
    config = dict(base.config)
    plain = [_plain(name, base.architecture) for name in config.get("architectures") or ()]
    if labels is None:
        config["architectures"] = plain or None
    else:
        stem = (plain or [_PLAIN.get(base.architecture, base.architecture.title())])[0]
        config |= _classifier(stem, labels, folder)
    written = {name: value for name, value in config.items() if value is not None}
    (folder / "config.json").write_text(json.dumps(written, indent=2) + "\n", "utf-8")


def _plain(name: str, architecture: str) -> str:
    """Return the class without a head: Qwen2ForSequenceClassification is Qwen2ForCausalLM."""
    if not name.endswith(_WITH_HEAD):
        return name
    return _PLAIN.get(architecture, name.removesuffix(_WITH_HEAD) + "ForCausalLM")


def _classifier(plain: str, labels: Sequence[str], folder: Path) -> dict[str, Any]:
    stem = plain.removesuffix("Model").partition("For")[0]
    found: dict[str, Any] = {
        "architectures": [stem + _WITH_HEAD],
        "id2label": {str(at): label for at, label in enumerate(labels)},
        "label2id": {label: at for at, label in enumerate(labels)},
    }
    padding = _padding(folder)
    return found if padding is None else found | {"pad_token_id": padding}


def _padding(folder: Path) -> int | None:
    """Return the id of the token that fills up; the end of a text does where there is none."""
    path = folder / "tokenizer_config.json"
    settings = read_table(path) if path.is_file() else {}
    for role in ("pad_token", "eos_token"):
        token = settings.get(role)
        content = token.get("content") if isinstance(token, dict) else token
        if isinstance(content, str):
            return read_vocabulary(folder).get(content)
    return None
