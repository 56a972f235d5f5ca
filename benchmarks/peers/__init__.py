"""The same class set through Kindmark and through what a school could put together itself.

    python -m benchmarks.peers.build_server --folder F            llama-server, once
    python -m benchmarks.shapes qwen2.5-1.5b --folder F           the model, once
    python -m benchmarks.peers --model F/qwen2.5-1.5b-shape-Q4_K_M.gguf --server F/llama-server \\
        -o benchmarks/peers.md --json peers.json

Every method gets the same messages, the same two threads and warm weights; ``methods`` says what
each is and how it is favoured. Every measurement is a process of its own, so that its largest
memory can be read, and the methods take turns, so that a noisy machine slows them all alike:
ratios are taken within a round, then the median.
"""
