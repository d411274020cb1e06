"""Logarithm, exponential and cosine with the same bits on every machine.

NumPy's own differ in the last bit between processors (with AVX-512 or without), between
versions and between C libraries, and one bit is another microsecond now and then. These
are made of additions, multiplications, divisions and powers of two alone, and these are
defined to the bit (IEEE 754). Coefficients and order are those of fdlibm 5.3 (Sun
Microsystems: e_log.c, e_exp.c, k_sin.c, k_cos.c), within one unit in the last place.
"""

from collections.abc import Sequence

import numpy as np

from invitelab.world.load.rng import Floats

_LN2_HIGH = float.fromhex("0x1.62e42fee00000p-1")
_LN2_LOW = float.fromhex("0x1.a39ef35793c76p-33")
_ROOT_HALF = 2**-0.5

_LOG = (
    *(6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01),
    *(2.222219843214978396e-01, 1.818357216161805012e-01, 1.531383769920937332e-01),
    1.479819860511658591e-01,
)
_EXP = (
    *(1.66666666666666019037e-01, -2.77777777770155933842e-03),
    *(6.61375632143793436117e-05, -1.65339022054652515390e-06),
    4.13813679705723846039e-08,
)
_SIN = (
    *(-1.66666666666666324348e-01, 8.33333333332248946124e-03),
    *(-1.98412698298579493134e-04, 2.75573137070700676789e-06),
    *(-2.50507602534068634195e-08, 1.58969099521155010221e-10),
)
_COS = (
    *(4.16666666666666019037e-02, -1.38888888888741095749e-03),
    *(2.48015872894767294178e-05, -2.75573143513906633035e-07),
    *(2.08757232129817482790e-09, -1.13596475577881948265e-11),
)


def _series(z: Floats, coefficients: Sequence[float]) -> Floats:
    """The sum of each coefficient times z to the power of its place, from one."""
    total = np.zeros_like(z)
    for coefficient in reversed(coefficients):
        total = z * (coefficient + total)
    return total


def log(x: Floats) -> Floats:
    """The natural logarithm of normal numbers above zero."""
    fraction, power = np.frexp(x)
    small = fraction < _ROOT_HALF
    f = np.where(small, 2 * fraction, fraction) - 1
    k = (power - small).astype(np.float64)
    s = f / (2 + f)
    half = 0.5 * f * f
    rest = s * (half + _series(s * s, _LOG)) + k * _LN2_LOW
    result: Floats = k * _LN2_HIGH - ((half - rest) - f)
    return result


def exp(x: Floats) -> Floats:
    """The power x of e; infinite above 709, as a float can hold no more."""
    bounded = np.clip(x, -1000, 1000)
    k = np.rint(bounded / (_LN2_HIGH + _LN2_LOW))
    high, low = bounded - k * _LN2_HIGH, k * _LN2_LOW
    r = high - low
    c = r - _series(r * r, _EXP)
    y = 1 - ((low - r * c / (2 - c)) - high)
    with np.errstate(over="ignore", under="ignore"):
        result: Floats = np.ldexp(y, k.astype(np.int64))
    return result


def cos_of_turns(turns: Floats) -> Floats:
    """The cosine of so many whole turns, from 0 to 1.

    Turns fold into an eighth of one without an error, which radians do not.
    """
    from_half = np.abs(turns - 0.5)
    quarter = np.minimum(from_half, 0.5 - from_half)
    near_zero = quarter > 1 / 8  # the zero of the cosine, where the sine is exact
    angle = 2 * np.pi * np.where(near_zero, 0.25 - quarter, quarter)
    z = angle * angle
    sine = angle + angle * _series(z, _SIN)
    cosine = 1 - (0.5 * z - z * _series(z, _COS))
    size = np.where(near_zero, sine, cosine)
    result: Floats = np.where(from_half < 1 / 4, -size, size)
    return result
