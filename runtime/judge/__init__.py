"""The judge: GGUF models through llama.cpp's low-level API."""

import os

# llama.cpp's threads meet at a barrier after every operation. GNU OpenMP lets them spin there, and
# on a machine that is busy with something else too, a waiting thread then takes the core from the
# one it waits for (benchmarks/encoder.py --busy measures it). OpenMP reads this when llama.cpp's
# library is loaded, so it stands before any import of it.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
