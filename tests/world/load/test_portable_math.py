"""What the world draws has the same bits on every processor and with every NumPy."""

import ast
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal, localcontext
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from invitelab.world.load import portable_math
from invitelab.world.load.portable_math import cos_of_turns, exp, log

WORLD = Path(portable_math.__file__).parent
EXACT = {
    *("abs", "add", "array", "clip", "concatenate", "cumsum", "empty", "errstate"),
    *("flatnonzero", "frexp", "full", "ldexp", "maximum", "minimum", "ones"),
    *("rint", "searchsorted", "sqrt", "uint64", "where", "zeros", "zeros_like"),
}
"""What NumPy does to the bit: IEEE 754 defines it, or nothing is computed."""

DIGEST = """\
import hashlib
import numpy as np
from invitelab.world.load.portable_math import cos_of_turns, exp, log
from invitelab.world.load.rng import CounterRng

first, second, *_ = CounterRng(1, 0).uniforms(11, 0)
for values in (log(first), exp(20 * first - 10), cos_of_turns(second)):
    print(hashlib.sha256(values.tobytes()).hexdigest())
"""

PLAIN = "X86_V3 X86_V4 AVX512_ICL AVX512_SPR AVX2 FMA3 AVX512F AVX512_SKX"


def called() -> Iterator[str]:
    """Name every function of NumPy that a module of the world calls."""
    for path in WORLD.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                whose = node.func.value
                if isinstance(whose, ast.Name) and whose.id == "np":
                    yield node.func.attr


def off_by(got: float, exactly: Decimal) -> Decimal:
    """How many units in the last place it is off."""
    return abs(Decimal(got) - exactly) / Decimal(math.ulp(float(exactly)))


@given(x=st.floats(2.0**-53, 1e6))
def test_a_logarithm_is_right_to_its_last_bit(x: float) -> None:
    """Within one unit in the last place of what decimal arithmetic says."""
    with localcontext(prec=50):
        assert off_by(log(np.array([x]))[0], Decimal(x).ln()) < 1


@given(x=st.floats(-700, 700))
def test_an_exponential_is_right_to_its_last_bit(x: float) -> None:
    """Within one unit in the last place of what decimal arithmetic says."""
    with localcontext(prec=50):
        assert off_by(exp(np.array([x]))[0], Decimal(x).exp()) < 1


def test_an_exponential_has_no_bounds() -> None:
    """Beyond what a float can hold it is infinite, or nothing."""
    assert [math.inf, math.inf, 0, 1] == exp(np.array([710, 1e300, -1e300, 0])).tolist()


@given(turns=st.floats(0, 1))
def test_a_cosine_is_that_of_the_c_library(turns: float) -> None:
    """Within the rounding error of an angle in radians."""
    expected = math.cos(2 * math.pi * turns)
    assert abs(cos_of_turns(np.array([turns]))[0] - expected) < 2e-15


def test_quarters_of_a_turn_are_exact() -> None:
    """Zero is zero, which it is not in radians."""
    turns = np.array([0, 0.25, 0.5, 0.75, 1])
    assert [1, 0, -1, 0, 1] == cos_of_turns(turns).tolist()


def test_numpy_is_asked_only_for_what_is_exact() -> None:
    """Its transcendental functions differ between processors and versions."""
    assert set() == set(called()) - EXACT


def test_the_processor_makes_no_difference() -> None:
    """With all its vector extensions or none of them."""
    outputs = [
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", DIGEST],
            env={**os.environ, "NPY_DISABLE_CPU_FEATURES": disabled},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for disabled in ("", PLAIN)
    ]
    assert outputs[0]
    assert outputs[0] == outputs[1]
