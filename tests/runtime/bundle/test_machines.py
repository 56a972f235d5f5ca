"""Which wheels run on which machine."""

import sys
from pathlib import Path

import llama_cpp
import pytest

from runtime.bundle import machines
from runtime.bundle.engine_cpu import compiled_for
from runtime.bundle.manifest import Machine
from runtime.errors import BadInputError
from tests.runtime.bundle.small_wheels import wheel

HERE = machines.here()


class TestNeeded:
    def test_pure_python_runs_on_this_kind_of_machine(self) -> None:
        found = machines.needed(["kindmark-0.1.0-py3-none-any.whl"])
        assert found == Machine(HERE.python, HERE.platform)

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("numpy-2-cp312-cp312-manylinux_2_27_aarch64.manylinux_2_28_aarch64.whl",
             Machine("3.12", "linux-aarch64", "2.27")),
            ("numpy-2-cp311-cp311-manylinux2014_x86_64.whl",
             Machine("3.11", "linux-x86_64", "2.17")),
            ("x-1-cp39-abi3-manylinux_2_34_x86_64.whl",
             Machine(HERE.python, "linux-x86_64", "2.34")),
            ("x-1-cp313-cp313-macosx_11_0_arm64.whl", Machine("3.13", "macosx-arm64")),
            ("x-1-cp313-cp313-win_amd64.whl", Machine("3.13", "win-amd64")),
        ],
    )  # fmt: skip
    def test_by_their_names(self, name: str, expected: Machine) -> None:
        assert machines.needed([name]) == expected

    def test_the_newest_library_counts(self) -> None:
        pair = ["a-1-py3-none-manylinux_2_9_x86_64.whl", "b-1-py3-none-manylinux_2_28_x86_64.whl"]
        assert machines.needed(pair).glibc == "2.28"

    @pytest.mark.parametrize(
        ("one", "other", "both"),
        [
            ("a-1-cp311-cp311-linux_x86_64.whl", "b-1-cp312-cp312-linux_x86_64.whl",
             "Pythons: 3.11 and 3.12"),
            ("a-1-py3-none-linux_x86_64.whl", "b-1-py3-none-linux_aarch64.whl",
             "machines: linux-aarch64 and linux-x86_64"),
        ],
    )  # fmt: skip
    def test_for_two_machines(self, one: str, other: str, both: str) -> None:
        with pytest.raises(BadInputError, match=both):
            machines.needed([one, other])

    def test_no_name_of_a_wheel(self) -> None:
        with pytest.raises(BadInputError, match="not named as wheels are"):
            machines.needed(["numpy.whl"])


class TestWhyNot:
    def test_this_machine_does(self) -> None:
        assert machines.why_not(HERE) == ""

    @pytest.mark.parametrize(
        ("change", "because"),
        [
            ({"python": "3.8"}, r"It is for Python 3.8 on .*; this is Python 3"),
            ({"platform": "linux-riscv64"}, r"on linux-riscv64; this is Python .* on "),
            ({"glibc": "99.1"}, r"C library 99.1 or newer; here is"),
            ({"cpu": ("sse2", "quantum")}, r"a CPU with .*quantum; this one has not"),
        ],
    )
    @pytest.mark.skipif(not HERE.glibc or not HERE.cpu, reason="not a usual Linux")
    def test_another_does_not(self, change: dict[str, object], because: str) -> None:
        fields = HERE._asdict() | change
        machine = Machine(**fields)
        with pytest.raises(AssertionError, match=because):
            raise AssertionError(machines.why_not(machine))


def test_a_wheel_without_an_engine_needs_no_cpu(tmp_path: Path) -> None:
    assert compiled_for(wheel(tmp_path, "x", {"x.py": b""})) == ()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="flags are Linux's names")
def test_the_engine_here_was_compiled_for_this_cpu(tmp_path: Path) -> None:
    libraries = (Path(llama_cpp.__file__).parent / "lib").glob("libggml-*.so")
    files = {f"llama_cpp/lib/{path.name}.0": path.read_bytes() for path in libraries}
    found = compiled_for(wheel(tmp_path, "engine", files))
    assert set(found) <= set(HERE.cpu)
    assert machines.why_not(HERE._replace(cpu=found)) == ""
