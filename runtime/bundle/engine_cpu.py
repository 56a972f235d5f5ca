"""What a wheel of llama.cpp was compiled for, asked of the library inside it.

    compiled_for(Path("llama_cpp_python-0.3.36-py3-none-linux_x86_64.whl"))    ("avx2", "fma", ...)

An engine that was compiled for one machine's CPU ends with an illegal instruction on an older one;
who installs a bundle should read a sentence instead.
"""

import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

_LIBRARIES = ("libggml-base", "libggml-cpu")
# What ggml tells of itself (ggml_cpu_has_...) -> the flags of Linux that stand for it.
_FLAGS = {
    **{"sse3": "pni", "ssse3": "ssse3", "avx": "avx", "avx_vnni": "avx_vnni", "avx2": "avx2"},
    **{"bmi2": "bmi2", "f16c": "f16c", "fma": "fma", "amx_int8": "amx_int8"},
    **{"avx512": "avx512f avx512bw avx512cd avx512dq avx512vl", "avx512_vbmi": "avx512vbmi"},
    **{"avx512_vnni": "avx512_vnni", "avx512_bf16": "avx512_bf16"},
    **{"neon": "asimd", "dotprod": "asimddp", "fp16_va": "asimdhp", "matmul_int8": "i8mm"},
    **{"sve": "sve", "sme": "sme"},
}
# In a process of its own: a library, once loaded, is never let go.
_ASK = """
import ctypes, json, sys
base, cpu = (ctypes.CDLL(path, mode=ctypes.RTLD_GLOBAL) for path in sys.argv[1:3])
print(json.dumps([n for n in sys.argv[3:] if getattr(cpu, "ggml_cpu_has_" + n)()]))
"""


def compiled_for(wheel: Path) -> tuple[str, ...]:
    """Return the CPU flags the engine in ``wheel`` needs, sorted; none if it cannot be asked here.

    Raises ``OSError`` or ``zipfile.BadZipFile`` if the wheel cannot be read.
    """
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if Path(name).name.startswith(_LIBRARIES):
                (Path(folder) / Path(name).name).write_bytes(archive.read(name))
        found = _asked(Path(folder))
    return tuple(sorted(flag for name in found for flag in _FLAGS[name].split()))


def _asked(folder: Path) -> list[str]:
    paths = [next(iter(sorted(folder.glob(f"{name}.so*"))), None) for name in _LIBRARIES]
    if None in paths:
        return []
    command = [sys.executable, "-c", _ASK, *map(str, paths), *_FLAGS]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    return [str(name) for name in json.loads(done.stdout)] if not done.returncode else []
