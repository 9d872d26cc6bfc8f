"""A screenshot as a PNG of 256 colours: a third of the size, and nobody sees it on a page of few colours."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from pathlib import Path

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOURS = 256
_BYTES = 3  # of a pixel


def shrink(path: Path) -> None:
    """Rewrite the picture with 256 of its colours, every other one as the nearest of them.

    It must be as Chromium writes them: eight bits, RGB, not interlaced.
    """
    chunks = _chunks(path.read_bytes())
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", chunks["IHDR"])
    assert (depth, kind, interlaced) == (8, 2, 0), "not a picture as Chromium takes them"
    rows = _rows(zlib.decompress(chunks["IDAT"]), width * _BYTES, height)
    pixels = [list(zip(row[0::3], row[1::3], row[2::3], strict=True)) for row in rows]
    counted = Counter(pixel for row in pixels for pixel in row)
    palette = _palette(counted)
    index = {colour: _nearest(colour, palette) for colour in counted}
    packed = b"".join(b"\0" + bytes(index[pixel] for pixel in row) for row in pixels)
    path.write_bytes(
        _SIGNATURE
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
        + _chunk(b"PLTE", bytes(part for colour in palette for part in colour))
        + _chunk(b"IDAT", zlib.compress(packed, 9))
        + _chunk(b"IEND", b"")
    )


def _palette(counted: Counter[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Half of it what is frequent, half what would else change most: the red of two letters stays red."""
    palette = [colour for colour, _ in counted.most_common(_COLOURS // 2)]

    def changed(colour: tuple[int, ...]) -> int:
        nearest = palette[_nearest(colour, palette)]
        return counted[colour] * sum((one - other) ** 2 for one, other in zip(colour, nearest, strict=True))

    rest = sorted(set(counted) - set(palette), key=lambda colour: (-changed(colour), colour))
    return palette + rest[: _COLOURS // 2]


def _nearest(colour: tuple[int, ...], palette: list[tuple[int, ...]]) -> int:
    def distance(at: int) -> int:
        return sum((one - other) ** 2 for one, other in zip(colour, palette[at], strict=True))

    return min(range(len(palette)), key=distance)


def _chunks(picture: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    at = len(_SIGNATURE)
    while at < len(picture):
        length, name = struct.unpack(">I4s", picture[at : at + 8])
        found[name.decode()] = found.get(name.decode(), b"") + picture[at + 8 : at + 8 + length]
        at += 12 + length
    return found


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _rows(filtered: bytes, length: int, height: int) -> list[bytearray]:
    """The rows of pixels, with the five filters of PNG (RFC 2083, chapter 6) undone."""
    rows = [bytearray(length)]
    for start in range(0, height * (length + 1), length + 1):
        above, row = rows[-1], bytearray(filtered[start + 1 : start + 1 + length])
        kind = filtered[start]
        for at in range(length) if kind else ():
            left, corner = (row[at - _BYTES], above[at - _BYTES]) if at >= _BYTES else (0, 0)
            row[at] = (row[at] + _predicted(kind, left, above[at], corner)) & 255
        rows.append(row)
    return rows[1:]


def _predicted(kind: int, left: int, up: int, corner: int) -> int:
    if kind == 4:
        guess = left + up - corner
        return min((left, up, corner), key=lambda value: abs(guess - value))
    return (0, left, up, (left + up) // 2)[kind]
