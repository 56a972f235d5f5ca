"""Decoding many answers over one shared prefix: token ids in, logits and tokens out.

Nothing here knows what a prompt, an item or a mark is; ``runtime.judge.llm`` does.
"""
