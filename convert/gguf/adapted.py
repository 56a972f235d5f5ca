"""What is set right in llama.cpp's converter: tokenizers, heads and Gemma 3n.

    kind = type("Adapted", (Adapted, parent), {"parent": parent, ...})     as ``converter`` does

What llama.cpp does well is left to it. It knows tokenizers by a hash or as ``tokenizer.model``
only; it drops the pooler of a BERT head, sorts more than ten labels as strings and takes two for
dummies; it asks for tensors of Gemma 3n that transformers no longer saves.
"""

import importlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from convert.gguf.gemma3n import check_gemma3n, missing_keys
from convert.gguf.pre_tokenizers import Json, pre_tokenizer, read_tokenizer
from convert.gguf.spm_vocabulary import SpmVocabulary, spm_vocabulary
from runtime.errors import ModelError

# llama.cpp's converter and torch, which is only there for training, bring no types.
Foreign = Any
Floats = NDArray[np.float32]

# Architectures whose graph in llama.cpp ends in a head, with what the head may consist of. One
# layer gives a number a label, "cls.output"; BERT's pooler before it, with tanh, is "cls".
_HEADS = {"BERT": {"weight", "bias", "pooler.weight", "pooler.bias"}, "QWEN3": {"weight"}}
_HEAD_NAMES = {
    "weight": "cls.output.weight",
    "bias": "cls.output.bias",
    "pooler.weight": "cls.weight",
    "pooler.bias": "cls.bias",
}
_FOREIGN_HEADS = ("score.", "classifier.")


class Adapted:
    """What goes before llama.cpp's own class of an architecture, in a class made of both."""

    parent: ClassVar[Foreign]
    gguf: ClassVar[Foreign]
    model_arch: ClassVar[Foreign]
    # Set by the other half.
    gguf_writer: Foreign
    hparams: Json
    dir_model: Path
    model_tensors: Json

    def prepare(self, head: Mapping[str, Floats], labels: Sequence[str]) -> None:
        """Take the head, if there is one, and check what is in the folder.

        Raises ``ModelError`` naming what cannot be converted.
        """
        self.tokenizer = read_tokenizer(self.dir_model)
        self.vocabulary = spm_vocabulary(self.tokenizer, self.hparams.get("vocab_size", 0))
        self.labels = labels
        self.extra = self._named(head) | self._zeros()
        # What a config calls its labels may be dummies or out of order.
        self.cls_out_labels = None
        if foreign := [name for name in self.model_tensors if name.startswith(_FOREIGN_HEADS)]:
            raise ModelError(
                f"The folder {self.dir_model.name} has a head in its weights ({foreign[0]}), which "
                "llama.cpp would misread.",
                "Merge the adapter without its head; the head travels apart.",
            )

    def _named(self, head: Mapping[str, Floats]) -> dict[str, Floats]:
        """Return the tensors of the head under llama.cpp's names."""
        name = self.model_arch.name
        if head.keys() - _HEADS.get(name, set()):
            raise ModelError(
                f"llama.cpp cannot read this head inside a {name} model: it consists of "
                f"{', '.join(sorted(head))}.",
                "Keep the head in a file beside the model.",
            )
        outputs = len(head["weight"]) if head else 0
        if outputs != len(self.labels):
            raise ModelError(
                f"The head has {outputs} outputs, and {len(self.labels)} labels are named.",
                "Name every output once, in order.",
            )
        return {_HEAD_NAMES[part]: data for part, data in head.items()}

    def _zeros(self) -> dict[str, Floats]:
        if self.model_arch.name != "GEMMA3N":
            return {}
        check_gemma3n(self.hparams)
        shapes = missing_keys(self.hparams, self.model_tensors.keys())
        return {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}

    def generate_extra_tensors(self) -> Iterator[tuple[str, Foreign]]:
        """Yield what no file of the folder holds: the head, and what Gemma 3n never reads."""
        torch: Foreign = importlib.import_module("torch")
        yield from self.parent.generate_extra_tensors(self)
        for name, data in self.extra.items():
            yield name, torch.from_numpy(data)

    def modify_tensors(
        self, data: Foreign, name: str, bid: int | None
    ) -> Iterator[tuple[str, Foreign]]:
        """Leave the head as it is; the rest is for llama.cpp's class."""
        if name.startswith("cls."):
            yield name, data
        else:
            yield from self.parent.modify_tensors(self, data, name, bid)

    def tensor_force_quant(self, name: str, new_name: str, bid: int | None, n_dims: int) -> Foreign:
        """Keep the head in float32: it is small, and every verdict goes through it."""
        if new_name.startswith("cls."):
            return self.gguf.GGMLQuantizationType.F32
        return self.parent.tensor_force_quant(self, name, new_name, bid, n_dims)

    def set_gguf_parameters(self) -> None:
        """Write the parameters and, with a head, its labels in the order of its outputs."""
        self.parent.set_gguf_parameters(self)
        if self.labels:
            self.gguf_writer.add_pooling_type(self.gguf.PoolingType.RANK)
            self.gguf_writer.add_classifier_output_labels(self.labels)

    def get_vocab_base_pre(self, tokenizer: Foreign) -> str:
        """Return the name of the pre-tokenizer: by llama.cpp's hash, else by its split rule."""
        try:
            return str(self.parent.get_vocab_base_pre(self, tokenizer))
        except NotImplementedError:
            return pre_tokenizer(self.tokenizer)

    def set_vocab(self) -> None:
        """Write the vocabulary; for SentencePiece-like ones as ``spm_vocabulary`` describes it."""
        # Gemma 4 has a tokenizer of its own in llama.cpp.
        if self.vocabulary and not self.model_arch.name.startswith("GEMMA4"):
            self._write_spm(self.vocabulary)
        elif self.model_arch.name == "GEMMA":
            # llama.cpp's class would name tokens of CodeGemma, whatever the vocabulary.
            self.parent._set_vocab_sentencepiece(self)
            self.gguf_writer.add_add_space_prefix(False)
        else:
            self.parent.set_vocab(self)

    def _is_qwen3_reranker(self) -> bool:
        """Say no: llama.cpp would go by the folder's name and put a head of its own in."""
        return False

    def _write_spm(self, vocabulary: SpmVocabulary) -> None:
        writer = self.gguf_writer
        writer.add_tokenizer_model("llama")
        writer.add_tokenizer_pre("default")
        writer.add_token_list([token.text.encode() for token in vocabulary.tokens])
        writer.add_token_scores([token.score for token in vocabulary.tokens])
        writer.add_token_types([token.kind for token in vocabulary.tokens])
        writer.add_add_space_prefix(vocabulary.prefix)
        special = self.gguf.SpecialVocab(self.dir_model, n_vocab=len(vocabulary.tokens))
        # llama.cpp would begin every text with BOS unless told otherwise.
        special.add_special_token.setdefault("bos", False)
        special.add_to_gguf(writer)
