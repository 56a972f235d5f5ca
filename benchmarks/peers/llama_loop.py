"""The plain loop of llama-cpp-python: ``Llama.create_chat_completion`` for each answer in turn.

"loop": every request fresh (``reset``), as after a restart or between classes. "prefix": the same
object reads on from what its last prompt began with, which it finds by itself. "ram_cache": with
``LlamaRAMCache`` besides. Favoured: both threads (its own choice is one of two for writing), a
context no larger than needed, greedy sampling, no logprobs (which would need ``logits_all``). The
verdict is read from the text.
"""

from llama_cpp import Llama, LlamaRAMCache

from benchmarks.peers.job import Job, Result, Spent, Usage, peak_memory
from benchmarks.peers.messages import WARM_UP, chat_messages

CONTEXT = 1024


def measure(job: Job) -> Result:
    """Ask about each answer and return the figures of the whole class."""
    model = Llama(
        job.model, n_ctx=CONTEXT, n_threads=job.threads, n_threads_batch=job.threads, verbose=False
    )
    if job.method == "ram_cache":
        model.set_cache(LlamaRAMCache())
    _ask(model, WARM_UP, 1)
    model.reset()
    usage = []
    start = Spent.now()
    # Only of the plain loop a few may stand for all: there every answer costs the same.
    for item in job.sample:
        if job.method == "loop":
            model.reset()
        usage.append(_ask(model, chat_messages(item), job.tokens))
    return Result(
        spent=Spent.now().since(start).times(len(job.items) / len(usage)),
        answers=len(usage),
        peak=peak_memory(),
        read=tuple(one.read for one in usage),
        written=tuple(one.written for one in usage),
    )


def _ask(model: Llama, messages: list[dict[str, str]], tokens: int) -> Usage:
    return Usage.of(model.create_chat_completion(messages, max_tokens=tokens, temperature=0.0))
