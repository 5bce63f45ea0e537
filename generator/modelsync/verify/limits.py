"""Values at, just inside and just outside the constraints of a type, as JSON text."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator, Sequence
from decimal import Context, Decimal
from functools import lru_cache
from typing import Final

from modelsync.patterns.parse import parse
from modelsync.patterns.samples import mutants, samples
from modelsync.patterns.syntax import Node
from modelsync.schema.constraints import Constraints, plain_number
from modelsync.schema.types import INTEGERS, Scalar, Type

MOST_CHARACTERS: Final = 100_000
MOST_ITEMS: Final = 5_000
"""Limits beyond these are not tested: the documents would be too large."""
_CHARACTERS: Final = ("a", "\u00e9", "\U0001f600", "e\u0301")
"""Characters of one, two and four bytes of UTF-8, of one and two units of UTF-16, and two code
points that look like one."""
_OF_TEXT: Final = {
    "uri": ("a:{}", 2),
    "email": ("{}@b", 2),
    "hostname": ("{}", 0),
    "string": ("{}", 0),
}
"""How a text of a scalar is filled up to a length, and how many characters it has without that."""
_HOST: Final = ("a" * 60 + ".") * 5


def texts(type_: Type, limits: Constraints) -> Iterator[str]:
    """Yield strings of the lengths that matter, and some that do and do not match the pattern."""
    name = type_.name if isinstance(type_, Scalar) else "string"
    if limits.pattern is not None:
        matching = _matching(limits.pattern, limits.min_length, limits.max_length)
        for text in matching:
            yield _quoted(text)
        for text in (*matching[:6], "", "a"):
            yield _quoted(f"{text}\n")
            yield _quoted(f"-{text}-")
            yield from map(_quoted, mutants(text, 4))
    for length in _around(limits.min_length, limits.max_length, MOST_CHARACTERS):
        for filler in _CHARACTERS if name == "string" else ("a",):
            yield _quoted(_text(name, filler, length))


@lru_cache(maxsize=1_000)
def _matching(pattern: str, least: int | None, most: int | None) -> Sequence[str]:
    """Return texts that match a pattern. Each field of the type asks for them several times."""
    tree = parse(pattern)
    return (*samples(tree, 12), *_of_lengths(tree, _around(least, most, 1_000)))


def _of_lengths(pattern: Node, lengths: Sequence[int]) -> Iterator[str]:
    """Yield a text that matches a pattern for each length for which one is found."""
    left = set(lengths)
    for length in lengths:
        for text in samples(pattern, _TRIES, seed=length, repeats=length):
            if len(text) in left:
                left.discard(len(text))
                yield text


_TRIES: Final = 60


def _text(name: str, filler: str, length: int) -> str:
    frame, used = _OF_TEXT[name]
    if name == "hostname":
        return (_HOST * (length // len(_HOST) + 1))[: length - 1] + "a" if length else ""
    rest = max(0, length - used)
    return frame.format((filler * rest)[:rest])


def numbers(type_: Type, limits: Constraints) -> Iterator[str]:
    """Yield numbers at the bounds and beside them, and numbers that are and are not multiples."""
    name = type_.name if isinstance(type_, Scalar) else "float64"
    given = (limits.minimum, limits.exclusive_minimum, limits.maximum, limits.exclusive_maximum)
    bounds = [bound for bound in given if bound is not None]
    for bound in bounds:
        for number in _beside(name, bound):
            yield _number(name, number)
    if limits.multiple_of is not None:
        for bound in bounds:
            for number in _multiples_beside(bound, limits.multiple_of):
                yield _number(name, number)
        yield from (_number(name, number) for number in _multiples(name, limits))


def _multiples_beside(bound: Decimal, divisor: Decimal) -> Iterator[Decimal]:
    """Yield the multiples beside a bound, which only the bound rejects."""
    count = _EXACT.divide_int(bound, divisor)
    for step in (-1, 0, 1):
        yield _EXACT.multiply(_EXACT.add(count, Decimal(step)), divisor)


_EXACT: Final = Context(prec=2_000)


def _beside(name: str, bound: Decimal) -> Iterator[Decimal]:
    yield bound
    if name in INTEGERS:
        yield from (bound + step for step in (-2, -1, 1, 2))
    elif name == "decimal":
        yield from (bound + step for step in (Decimal("-0.01"), Decimal("0.01"), -1, 1))
        yield bound + Decimal("1e-40")
        yield bound - Decimal("1e-40")
        yield bound * Decimal("1.000")
    else:
        for step in (-math.inf, math.inf):
            yield Decimal(repr(math.nextafter(float(bound), step)))
            single = _next_single(float(bound), step)
            if single is not None:
                yield Decimal(repr(single))
        yield from (bound + step for step in (-1, 1))


def _next_single(number: float, towards: float) -> float | None:
    """Return the 32-bit float after the nearest one of a number; None if there is none."""
    if abs(number) > _LARGEST_SINGLE:
        return None
    (bits,) = struct.unpack("<I", struct.pack("<f", number))
    # Ordered as integers, negative floats count down from the sign bit.
    order = bits if bits < _SIGN else _SIGN - bits
    order += 1 if towards > number else -1
    after = order if order >= 0 else _SIGN - order
    (single,) = struct.unpack("<f", struct.pack("<I", after))
    return float(single) if math.isfinite(single) else None


_SIGN: Final = 1 << 31
_LARGEST_SINGLE: Final = 3.4028234663852886e38


def _multiples(name: str, limits: Constraints) -> Iterator[Decimal]:
    divisor = limits.multiple_of
    assert divisor is not None
    start = max(filter(None, (limits.minimum, limits.exclusive_minimum)), default=Decimal(0))
    first = _EXACT.multiply(_EXACT.divide_int(start, divisor), divisor)
    for count in (0, 1, 2, 3, 7):
        yield first + count * divisor
        yield -count * divisor
        yield first + count * divisor + (1 if name in INTEGERS else divisor / 2)
    if name not in INTEGERS:
        yield from map(Decimal, ("0.1", "0.3", "0.30000000000000004", "1.1", "1e300", "5e-324"))
    else:
        yield from map(Decimal, ("9007199254740991", "9007199254740993", "9223372036854775807"))


def _number(name: str, number: Decimal) -> str:
    text = plain_number(number)
    if name == "decimal":
        return _quoted(format(number, "f"))
    if name in INTEGERS or len(text) < 25:
        return text
    return repr(float(number))


def lists(items: Sequence[str], limits: Constraints) -> Iterator[str]:
    """Yield arrays of the sizes that matter. `items` are valid and, if possible, different."""
    for size in _around(limits.min_items, limits.max_items, MOST_ITEMS):
        yield _array([items[index % len(items)] for index in range(size)])
        # The size is wrong before an item is.
        yield _array(["{}"] * size)
    if limits.unique_items:
        size = max(2, limits.min_items or 0)
        yield _array([items[index % len(items)] for index in range(size)])
        yield _array([items[0]] * size)
        yield _array([*items[:size], items[0]])
        yield _array(list(items))


def maps(value: str, limits: Constraints) -> Iterator[str]:
    """Yield objects of the sizes that matter."""
    for size in _around(limits.min_properties, limits.max_properties, MOST_ITEMS):
        pairs = (f"{_quoted(f'key {number}')}: {value}" for number in range(size))
        yield "{" + ", ".join(pairs) + "}"
        yield "{" + ", ".join(f"{_quoted(f'key {number}')}: [[]]" for number in range(size)) + "}"
    # Of two equal keys the last one counts: this has one key.
    yield f'{{"a": {value}, "a": {value}}}'


def _array(items: Sequence[str]) -> str:
    return f"[{', '.join(items)}]"


def _around(least: int | None, most: int | None, limit: int) -> list[int]:
    """Return the sizes at two bounds and beside them, smallest first."""
    sizes = {size + step for size in (least, most) if size is not None for step in (-1, 0, 1)}
    return sorted(size for size in sizes if 0 <= size <= limit)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
