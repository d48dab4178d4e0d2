"""Geohash: bits of longitude and latitude in turn, longitude first, five to a character.

A cell is closed at its west and south side and open at its east and north side; only the last cells before 180° E
and 90° N are closed all round. Every cell side up to 30 bits an axis is an exact ``float``, and ``encode`` compares
with it, so a place never falls in the cell next to the one that holds it.
"""

ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz"
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
# Bits of a byte spread over the even positions of 16 bits.
_SPREAD = tuple(sum((byte >> bit & 1) << 2 * bit for bit in range(8)) for byte in range(256))


def encode(lon: float, lat: float, length: int) -> str:
    """The geohash of ``length`` (1 to 12) characters of the cell that holds the point (degrees, WGS 84)."""
    bits = 5 * length
    return text(interleave(cell(lon, 360.0, bits + 1 >> 1), cell(lat, 180.0, bits >> 1), bits), length)


def box(geohash: str) -> tuple[float, float, float, float]:
    """The sides of a cell: west, south, east, north in degrees.

    Raises:
        ValueError: a character outside the geohash alphabet.
    """
    bits = 5 * len(geohash)
    column, row = deinterleave(number(geohash), bits)
    width, height = 360.0 / (1 << (bits + 1 >> 1)), 180.0 / (1 << (bits >> 1))
    return (column * width - 180, row * height - 90, (column + 1) * width - 180, (row + 1) * height - 90)


def cell(degrees: float, span: float, bits: int) -> int:
    """Which of ``2 ** bits`` equal cells over ``span`` degrees, centred on 0, holds the coordinate."""
    count = 1 << bits
    step = span / count
    low = -span / 2
    index = min(max(int((degrees - low) / step), 0), count - 1)
    # The subtraction above rounds; the cell's own sides do not.
    if degrees < low + index * step:
        return max(index - 1, 0)
    if degrees >= low + (index + 1) * step:
        return min(index + 1, count - 1)
    return index


def interleave(column: int, row: int, bits: int) -> int:
    """The Z-curve number of a cell, ``bits`` in all, longitude first."""
    columns, rows = _spread(column), _spread(row)
    return columns | rows << 1 if bits & 1 else columns << 1 | rows


def deinterleave(code: int, bits: int) -> tuple[int, int]:
    """Column and row of a Z-curve number."""
    low, high = _squeeze(code), _squeeze(code >> 1)
    return (low, high) if bits & 1 else (high, low)


def text(code: int, length: int) -> str:
    """The characters of a Z-curve number of ``5 * length`` bits."""
    return "".join([ALPHABET[code >> shift & 31] for shift in range(5 * length - 5, -1, -5)])


def number(geohash: str) -> int:
    """The Z-curve number of a geohash.

    Raises:
        ValueError: a character outside the geohash alphabet.
    """
    code = 0
    for character in geohash:
        if character not in _VALUE:
            raise ValueError("not a geohash")
        code = code << 5 | _VALUE[character]
    return code


def _spread(value: int) -> int:
    spread, shift = 0, 0
    while value:
        spread |= _SPREAD[value & 255] << shift
        value >>= 8
        shift += 16
    return spread


def _squeeze(code: int) -> int:
    squeezed, shift = 0, 0
    while code:
        squeezed |= (code & 1) << shift
        code >>= 2
        shift += 1
    return squeezed
