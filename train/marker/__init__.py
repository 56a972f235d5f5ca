"""The embedded default, trained: MiniLM adapted so that what its token vectors say of an answer
against a reference tells right from wrong on questions nobody has seen.

The encoder reads question, reference and answer apart (siamese), so one reading of a reference
serves a class. Features are those of ``runtime/judge``, in torch.
"""
