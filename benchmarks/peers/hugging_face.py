"""transformers on the CPU: the same shape with random weights, the same token ids.

Favoured: no GGUF to unpack, weights in bfloat16 (float32 takes 6 GB), the shared
part read once and its cache copied, as the documentation of ``Cache`` shows; verdicts by the
probabilities of the last position alone; feedback for all measured answers in one padded batch.
Loading is not counted. With ``few``, the seconds of those answers stand for the rest, too.
"""

import copy
from collections.abc import Sequence
from pathlib import Path

import torch
from transformers import AutoConfig, AutoModelForCausalLM, DynamicCache, PreTrainedModel

from benchmarks.class_sets import common
from benchmarks.peers.job import Job, Result, Spent, peak_memory
from benchmarks.peers.messages import messages
from runtime.judge import gguf_header
from runtime.judge.llm.chat_model import ChatModel

Ids = list[int]


def measure(job: Job) -> Result:
    """Read the class, or write to it, and return the figures of the whole class."""
    torch.set_num_threads(job.threads)
    with ChatModel.open(Path(job.model)) as chat:
        every = {item.id: chat.prompt(messages(item)).ids.tolist() for item in job.items}
        vocabulary = chat.model.vocabulary
    network = _network(Path(job.model), vocabulary)
    prompts = [every[item.id] for item in job.sample]
    shared = common(list(every.values()))
    tails = [ids[shared:] for ids in prompts]
    with torch.inference_mode():
        network(torch.tensor([prompts[0][:8]]), use_cache=False)
        start = Spent.now()
        cache = _read_shared(network, prompts[0][:shared])
        after_shared = Spent.now()
        if job.work == "verdicts":
            _verdicts(network, cache, tails)
            written = [1] * len(tails)
        else:
            written = _feedback(network, cache, shared, tails, job.tokens)
        end = Spent.now()
    shared_part = after_shared.since(start)
    others = end.since(after_shared).times(len(job.items) / len(tails))
    return Result(
        spent=Spent(shared_part.clock + others.clock, shared_part.cpu + others.cpu),
        answers=len(tails),
        peak=peak_memory(),
        read=tuple(map(len, prompts)),
        written=tuple(written),
    )


def _network(path: Path, vocabulary: int) -> PreTrainedModel:
    """Return a network of the file's shape; its weights are drawn by transformers."""
    metadata = gguf_header.read(path).metadata

    def of(name: str) -> int:
        return int(str(metadata[f"qwen2.{name}"]))

    config = AutoConfig.for_model(
        "qwen2",
        vocab_size=vocabulary,
        num_hidden_layers=of("block_count"),
        hidden_size=of("embedding_length"),
        intermediate_size=of("feed_forward_length"),
        num_attention_heads=of("attention.head_count"),
        num_key_value_heads=of("attention.head_count_kv"),
        tie_word_embeddings=True,
        # So that nothing ends by itself.
        eos_token_id=None,
        bos_token_id=None,
    )
    return AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16).eval()


def _read_shared(network: PreTrainedModel, ids: Ids) -> DynamicCache:
    cache = DynamicCache(config=network.config)
    network(torch.tensor([ids]), past_key_values=cache, logits_to_keep=1)
    return cache


def _verdicts(network: PreTrainedModel, cache: DynamicCache, tails: Sequence[Ids]) -> None:
    for tail in tails:
        network(torch.tensor([tail]), past_key_values=copy.deepcopy(cache), logits_to_keep=1)


def _feedback(
    network: PreTrainedModel, cache: DynamicCache, shared: int, tails: Sequence[Ids], tokens: int
) -> list[int]:
    """Write to all tails at once; they are padded on the left, behind what they share."""
    longest = max(map(len, tails))
    cache.batch_repeat_interleave(len(tails))
    ids = torch.tensor([[0] * (shared + longest - len(tail)) + tail for tail in tails])
    mask = torch.tensor(
        [[1] * shared + [0] * (longest - len(tail)) + [1] * len(tail) for tail in tails]
    )
    found = network.generate(
        ids,
        attention_mask=mask,
        past_key_values=cache,
        max_new_tokens=tokens,
        min_new_tokens=tokens,
        do_sample=False,
        pad_token_id=0,
    )
    return [int(found.shape[1] - ids.shape[1])] * len(tails)
