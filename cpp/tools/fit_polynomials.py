"""Coefficients of cpp/src/simd/coefficients.hpp: polynomials by Chebyshev interpolation.

Run ``python cpp/tools/fit_polynomials.py > cpp/src/simd/coefficients.hpp`` (needs mpmath).
Each function is interpolated at Chebyshev nodes with 60 digits; the error is at most a small
factor above the minimax error of that degree.
"""

from mpmath import atanh, chebyfit, cos, erf, erfc, exp, expm1, log, mp, mpf, pi, sin, sqrt

mp.dps = 60


def expm1_tail(r):
    return (expm1(r) - r) / r**2 if abs(r) > mpf(10) ** -12 else mpf(1) / 2 + r / 6


def exp2_ratio(r):
    return (mpf(2) ** r - 1) / r if abs(r) > mpf(10) ** -30 else log(2)


def atanh_tail(u):
    s = sqrt(u)
    return (atanh(s) / s - 1) / u if u > mpf(10) ** -14 else mpf(1) / 3 + u / 5


def erf_ratio(u):
    z = sqrt(u)
    return erf(z) / z if u > mpf(10) ** -30 else 2 / sqrt(pi)


def erfcx_ratio(limit):
    """Return erfcx(x) / t as a function of y = 2 t - 1, with t = 2 / (2 + x)."""

    def ratio(y):
        t = (y + 1) / 2
        x = 2 / t - 2
        return exp(x * x) * erfc(x) / t

    return ratio


def sin_tail(u):
    r = sqrt(u)
    return (sin(r) / r - 1) / u if u > mpf(10) ** -14 else -mpf(1) / 6 + u / 120


def cos_tail(u):
    return (cos(sqrt(u)) - 1 + u / 2) / u**2 if u > mpf(10) ** -10 else mpf(1) / 24 - u / 720


def y_at(x):
    return 2 * (mpf(2) / (2 + x)) - 1


half = mpf("0.5001")
half_ln2 = log(2) / 2 * mpf("1.0001")
quarter = (pi / 2 * mpf("1.0001")) ** 2
FITS = [
    # name, what it is, function, interval, degree float, degree double
    ("expm1_tail", "(e^r - 1 - r) / r^2 on |r| <= ln2/2", expm1_tail, (-half_ln2, half_ln2), 4, 9),
    (
        "exp2_ratio",
        "(2^r - 1) / r on |r| <= 1/2",
        exp2_ratio,
        (-mpf("0.5001"), mpf("0.5001")),
        4,
        10,
    ),
    ("atanh_tail", "(atanh(s)/s - 1) / u, u = s^2 <= 1/9", atanh_tail, (mpf(0), mpf(1) / 9), 3, 9),
    ("erf_ratio", "erf(z)/z, u = z^2 <= 1", erf_ratio, (mpf(0), mpf(1)), 6, 12),
    ("erfcx_ratio", "erfcx(x)/t, t = 2/(2+x), in y = 2t-1", None, None, 9, 22),
    ("sin_tail", "(sin(r)/r - 1) / u, u = r^2 <= (pi/2)^2", sin_tail, (mpf(0), quarter), 3, 8),
    (
        "cos_tail",
        "(cos(r) - 1 + u/2) / u^2, u = r^2 <= (pi/2)^2",
        cos_tail,
        (mpf(0), quarter),
        3,
        7,
    ),
]


def literal(value, suffix):
    return f"{mp.nstr(value, 9 if suffix else 18)}{suffix}"


def table(name, values, real, suffix):
    rows = [
        "      " + ", ".join(literal(v, suffix) for v in values[i : i + 4])
        for i in range(0, len(values), 4)
    ]
    body = ",\n".join(rows)
    return (
        f"template <> struct {name}<{real}> {{\n  static constexpr {real} at[] = {{\n{body}}};\n}};"
    )


def main():
    print("// Polynomial coefficients, lowest degree first. Made by cpp/tools/fit_polynomials.py.")
    print("// The comment gives the largest absolute error of the exact polynomial.")
    print("// Included inside the anonymous namespace of math.hpp: no include guard.")
    for name, what, function, interval, *degrees in FITS:
        print(f"\n// {what}")
        print(f"template <class Real> struct {name};")
        for real, suffix, degree, limit in (
            ("float", "f", degrees[0], 10),
            ("double", "", degrees[1], 28),
        ):
            f, ab = function, interval
            if function is None:
                f, ab = erfcx_ratio(limit), (y_at(mpf(limit)), mpf(1))
            coefficients, error = chebyfit(f, ab, degree + 1, error=True)
            print(f"// {real}: degree {degree}, error {mp.nstr(error, 2)}")
            print(table(name, coefficients[::-1], real, suffix))


if __name__ == "__main__":
    main()
