"""The cover by shapely, vectorised: what the pure Python of ``areas.cover`` is measured against.

Down a quadtree of geohash cells, all cells of a level in one call: those that the shape contains are done, those that
it does not touch are dropped. Then the runs of cells of each partition, with gaps bridged.
"""

import json
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from bench.matching.inputs import NamedArea

PARTITION_BITS, DEPTH, BRIDGE = 25, 35, 16
Codes = npt.NDArray[np.int64]


def geometry_of(area: NamedArea) -> shapely.Geometry:
    """A circle as a polygon of 128 corners, which is what shapely has."""
    if not area.circle:
        return shapely.from_geojson(json.dumps(area.geometry))
    west, south, east, north = area.shape.bounds
    turns = np.linspace(0, 2 * np.pi, 128, endpoint=False)
    middle, reach = np.array([west + east, south + north]) / 2, np.array([east - west, north - south]) / 2
    return shapely.Polygon(middle + np.c_[np.cos(turns), np.sin(turns)] * reach)


def cover(geometry: shapely.Geometry) -> list[tuple[int, int]]:
    """First and last cell of each range, as Z-curve numbers of ``DEPTH`` bits."""
    shapely.prepare(geometry)
    codes = _partitions(geometry)
    done = []
    for bits in range(PARTITION_BITS, DEPTH + 1):
        boxes = _boxes(codes, bits)
        touched = shapely.intersects(geometry, boxes)
        codes, boxes = codes[touched], boxes[touched]
        if bits == DEPTH:
            done.append(codes)
            break
        full = shapely.contains_properly(geometry, boxes)
        left = DEPTH - bits
        done += [np.arange(code << left, code + 1 << left) for code in codes[full]]
        rest = codes[~full]
        codes = np.concatenate([rest << 1, rest << 1 | 1])
    cells = np.sort(np.concatenate(done))
    if not len(cells):
        return []
    inside = DEPTH - PARTITION_BITS
    cuts = np.flatnonzero((np.diff(cells) > BRIDGE + 1) | (np.diff(cells >> inside) != 0))
    starts, ends = np.r_[cells[0], cells[cuts + 1]], np.r_[cells[cuts], cells[-1]]
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def _partitions(geometry: shapely.Geometry) -> Codes:
    west, south, east, north = geometry.bounds
    columns, rows = 13, 12
    x = np.arange(int((west + 180) / 360 * (1 << columns)), int((east + 180) / 360 * (1 << columns)) + 1)
    y = np.arange(int((south + 90) / 180 * (1 << rows)), int((north + 90) / 180 * (1 << rows)) + 1)
    grid_x, grid_y = (axis.ravel() for axis in np.meshgrid(x, y))
    codes = np.zeros(len(grid_x), np.int64)
    for bit in range(columns):
        codes |= (grid_x >> bit & 1) << 2 * bit
        codes |= (grid_y >> bit & 1) << 2 * bit + 1
    return codes


def _boxes(codes: Codes, bits: int) -> Any:
    x = np.zeros(len(codes), np.int64)
    y = np.zeros(len(codes), np.int64)
    for n in range(bits):
        bit = codes >> bits - 1 - n & 1
        if n % 2:
            y = y << 1 | bit
        else:
            x = x << 1 | bit
    width, height = 360 / (1 << (bits + 1) // 2), 180 / (1 << bits // 2)
    return shapely.box(x * width - 180, y * height - 90, (x + 1) * width - 180, (y + 1) * height - 90)
