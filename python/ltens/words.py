"""Numbers in words: counts with a prefix, bytes, durations."""

from __future__ import annotations


def scaled(number: float, unit: str = "") -> str:
    """Return a number that is not negative with three digits and a prefix of thousands.

    Examples
    --------
    >>> scaled(0), scaled(12_345), scaled(3.2e15, "B")
    ('0', '12.3 k', '3.2 PB')
    """
    prefixes = ["", "k", "M", "G", "T", "P"]
    while number >= 999.5 and len(prefixes) > 1:
        number /= 1000
        del prefixes[0]
    return f"{number:.3g} {prefixes[0]}{unit}".strip()


def exact(value: object) -> str:
    """Return a number in as few digits as tell it from every other; anything else as text.

    Examples
    --------
    >>> exact(1e-3), exact(2.0), exact(0.1 + 0.2), exact(1_000_000), exact("he")
    ('0.001', '2', '0.30000000000000004', '1000000', 'he')
    """
    if not isinstance(value, float):
        return str(value)
    short = f"{value:g}"
    return short if float(short) == value else repr(float(value))


def plural(noun: str) -> str:
    """Return the plural of a regular noun, and what is one already.

    Examples
    --------
    >>> plural("width"), plural("samples")
    ('widths', 'samples')
    """
    return noun if noun.endswith("s") else f"{noun}s"


def in_bytes(size: float) -> str:
    """Return a size in bytes in words.

    Examples
    --------
    >>> in_bytes(12), in_bytes(3_400_000), in_bytes(4.1e12)
    ('12 B', '3.4 MB', '4.1 TB')
    """
    return scaled(size, "B")


def duration(seconds: float) -> str:
    """Return a time in words.

    Examples
    --------
    >>> duration(0.26), duration(43.2), duration(100)
    ('0.3 s', '43 s', '1:40')
    >>> duration(3_725), duration(200_000)
    ('1:02:05', '2 d 7 h')
    """
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    hours, rest = divmod(whole, 3600)
    if hours >= 48:
        return f"{hours // 24} d {hours % 24} h"
    minutes = f"{rest // 60:02}" if hours else f"{rest // 60}"
    return f"{f'{hours}:' if hours else ''}{minutes}:{rest % 60:02}"
