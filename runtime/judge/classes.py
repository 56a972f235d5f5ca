"""Reads the classification head that lies inside a GGUF file (llama.cpp's pooling type RANK).

    with Model(path) as model, ClassContext(model, CausalLimits(512)) as context:
        context.labels            # ("incorrect", "partial", "correct")
        context.outputs(ids)      # (3,)

Made for BERT, whose head llama.cpp computes whole (pooler with tanh, classifier), and for Qwen3,
where it puts a softmax behind it. Every text is read by itself, so that its outputs never depend
on what it is read with. Other decoders keep their head in a side file (see ``side_head``).
"""

from collections.abc import Sequence

import numpy as np
from llama_cpp import llama_cpp as llama

from runtime.closing import Closing
from runtime.errors import ModelError
from runtime.judge.causal import CausalContext, CausalLimits
from runtime.judge.context import EncoderContext, Limits, Vectors
from runtime.judge.engine import Model, default_threads
from runtime.judge.lora import Scaled
from runtime.judge.tokens import AnyIds
from runtime.words import _

_SOFTMAXED = frozenset({"qwen3", "qwen3vl"})
"""Where llama.cpp's graph ends in a softmax, whatever the file says."""

_RANK = llama.LLAMA_POOLING_TYPE_RANK


class ClassContext(Closing):
    """The working memory of a classifier. Not for use by two threads at once.

    ``labels`` are the names of the outputs, in their order; ``softmaxed`` says whether these are
    log-probabilities.
    """

    def __init__(self, model: Model, limits: CausalLimits) -> None:
        """Raise ``ModelError`` if the file has no head with names, or one that says nothing."""
        self.labels = _labels(model)
        self.softmaxed = model.architecture in _SOFTMAXED
        if self.softmaxed and len(self.labels) < 2:
            raise ModelError(
                _("{path} has a head with one output, which llama.cpp always makes 1.").format(
                    path=model.path
                ),
                _("Keep this head in a side file."),
            )
        self._context: EncoderContext | CausalContext = (
            EncoderContext(model, _for_encoder(limits), _RANK)
            if model.encodes
            else CausalContext(model, limits, _RANK)
        )

    def outputs(self, ids: AnyIds) -> Vectors:
        """Return one number a label for a text: logits, or for Qwen3 log-probabilities.

        Both give the same probabilities under a softmax. Raises ``ModelError`` if the text is
        empty or longer than the limits or the model allow.
        """
        found = self._context.pooled(ids, len(self.labels))
        if not self.softmaxed:
            return found
        # The smallest float32 stands for what the softmax rounded to nothing.
        return np.asarray(np.log(np.maximum(found, np.finfo(np.float32).tiny)), np.float32)

    def use(self, adapters: Sequence[Scaled]) -> None:
        """Read with just these adapters from now on; the head stays the one of the file."""
        self._context.use(adapters)

    def close(self) -> None:
        """Free the memory; a second call does nothing."""
        self._context.close()


def _labels(model: Model) -> tuple[str, ...]:
    count = int(llama.llama_model_n_cls_out(model.handle))
    names = [llama.llama_model_cls_label(model.handle, i) for i in range(count)]
    # Without a head llama.cpp claims one output, which it has no name for.
    if not all(names):
        raise ModelError(
            _("{path} has no classification head with named labels.").format(path=model.path)
        )
    return tuple(name.decode("utf-8", "replace") for name in names)


def _for_encoder(limits: CausalLimits) -> Limits:
    return Limits(limits.tokens, 1, limits.threads or default_threads(), flash=not limits.exact)
