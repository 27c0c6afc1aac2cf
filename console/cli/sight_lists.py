"""Lists that ``onemap data sight`` is given: cameras, buildings, obstacles; files of any usual kind."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyogrio import raw
from pyogrio.errors import DataSourceError

from console.geodata.field_names import NAMES
from console.model.coordinates import Datum, to_wgs84
from console.scene.ground.footprints import STOREY, USUAL_HEIGHT, Footprints
from console.scene.refusal import refused
from console.scene.sight.cameras import CameraRecord
from console.server.importing.sheets import SheetError, read_sheet

SHEETS = {".csv", ".txt", ".xlsx"}
FIELDS = {
    "id": ("id", "camera_id", "code", "编号", "编码", "设备编码", "国标编码"),
    "lon": ("lon", "lng", "longitude", "x", "经度"),
    "lat": ("lat", "latitude", "y", "纬度"),
    "height": ("height", "mast", "安装高度", "架设高度", "高度"),
    "elevation": ("elevation", "ellipsoidal_height", "大地高"),
    "heading": ("heading", "azimuth", "direction", "朝向", "方位角"),
    "tilt": ("tilt", "倾斜角"),
    "across": ("fov", "across", "hfov", "视场角", "水平视场角"),
    "upright": ("vfov", "upright", "垂直视场角"),
    "reach": ("range", "reach", "可视距离", "有效距离"),
    "pixels": ("pixels", "width", "像素宽", "水平像素"),
    "high": ("high", "高空", "是否高空"),
}
"""Names of columns that mean a field of CameraRecord."""
_YES = {"1", "true", "yes", "y", "t", "是"}


def read_cameras(path: Path, datum: Datum) -> list[CameraRecord]:
    """Of a CSV or XLSX with places in columns, or points of a file that GDAL reads. Raises SceneRefused."""
    try:
        lines = read_sheet(path) if path.suffix.lower() in SHEETS else list(_features(path))
    except SheetError as error:
        raise refused(
            f"无法读取摄像头清单:{error}", f"the list of cameras cannot be read: {error}"
        ) from error
    found: dict[str, CameraRecord] = {}
    for number, line in enumerate(lines, start=1):
        record = _camera(line, number, datum)
        if record.id in found:
            raise refused(f"摄像头编号重复:{record.id[:80]}", f"two cameras are called {record.id[:80]}")
        found[record.id] = record
    if not found:
        raise refused(f"“{path.name}”中没有摄像头", f"there are no cameras in “{path.name}”")
    return list(found.values())


def read_buildings(path: Path, datum: Datum) -> Footprints:
    """Areas with a height or a number of storeys, else three storeys high. Raises SceneRefused."""
    shapes, fields = _areas(path, datum)
    metres = _column(fields, NAMES["height"])
    storeys = _column(fields, NAMES["levels"]) * STOREY
    heights = np.where(metres > 0, metres, np.where(storeys > 0, storeys, USUAL_HEIGHT))
    parts, of = shapely.get_parts(shapes, return_index=True)
    return Footprints(parts, heights[of], of.astype(np.int64), ("",) * len(parts))


def read_obstacles(path: Path, datum: Datum) -> dict[str, tuple[shapely.Polygon, float]]:
    """Areas and heights by name: ``id`` or ``name``, else their number. Raises SceneRefused."""
    shapes, fields = _areas(path, datum)
    heights = _column(fields, NAMES["height"])
    names = next((fields[name] for name in ("id", "name", "名称") if name in fields), range(len(shapes)))
    found = {}
    for name, shape, height in zip(names, shapes, heights.tolist(), strict=True):
        for number, part in enumerate(shapely.get_parts(shape)):
            found[f"{name}/{number}"] = (part, height)
    return found


def _camera(line: Mapping[str, Any], number: int, datum: Datum) -> CameraRecord:
    named = {str(key).strip().lower(): str(value).strip() for key, value in line.items() if value is not None}
    texts = {field: _first(named, names) for field, names in FIELDS.items()}
    values = {field: _number(texts[field], field, number) for field in FIELDS if field not in ("id", "high")}
    lon, lat, pixels = values.pop("lon"), values.pop("lat"), values.pop("pixels")
    if lon is None or lat is None:
        raise refused(f"第 {number} 行没有经纬度", f"line {number} has no longitude and latitude")
    east, north = to_wgs84(np.array(lon), np.array(lat), datum)
    return CameraRecord(
        id=texts["id"] or str(number),
        lon=float(east),
        lat=float(north),
        high=texts["high"].lower() in _YES,
        pixels=None if pixels is None else int(pixels),
        **values,
    )


def _first(line: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((line[name] for name in names if line.get(name)), "")


def _number(text: str, field: str, number: int) -> float | None:
    if not text or text.lower() in ("none", "nan", "null"):
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise refused(
            f"第 {number} 行的 {field} 不是数字:{text[:40]}",
            f"line {number}: {field} is no number: {text[:40]}",
        )
    return value


def _features(path: Path) -> Iterator[dict[str, Any]]:
    """Points with their fields, as lines of a sheet are."""
    shapes, fields = _vectors(path)
    for row, shape in enumerate(shapes):
        if shape is None or shape.geom_type != "Point":
            continue
        line = {name: values[row] for name, values in fields.items()}
        yield {name: value for name, value in line.items() if value == value} | {
            "lon": shape.x,
            "lat": shape.y,
        }


def _areas(path: Path, datum: Datum) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    shapes, fields = _vectors(path)
    area = np.isin(
        shapely.get_type_id(shapes), (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
    )
    moved = shapely.transform(shapes[area], lambda xy: np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], datum)))
    return moved, {name: values[area] for name, values in fields.items()}


def _vectors(path: Path) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Shapes in degrees and columns of a file's first layer. Raises SceneRefused."""
    try:
        meta, _, geometry, columns = raw.read(path)
    except (DataSourceError, OSError, ValueError) as error:
        raise refused(f"无法读取“{path.name}”", f"“{path.name}” cannot be read") from error
    if geometry is None or not _is_geographic(meta.get("crs")):
        raise refused(
            f"“{path.name}”须为经纬度坐标",
            f"“{path.name}” must have shapes in degrees of longitude and latitude",
        )
    names = [str(name).strip().lower() for name in meta["fields"]]
    return shapely.from_wkb(geometry), dict(zip(names, columns, strict=True))


def _is_geographic(crs: str | None) -> bool:
    from pyproj import CRS  # 0.3 s to load, for files alone that say what they are in
    from pyproj.exceptions import CRSError

    try:
        return crs is None or CRS.from_user_input(crs).is_geographic
    except CRSError:
        return False


def _column(fields: Mapping[str, np.ndarray], names: list[str]) -> np.ndarray:
    """The first field of *names* that is there, as numbers; 0 where it says nothing."""
    count = len(next(iter(fields.values()), ()))
    values = next((fields[name] for name in names if name in fields), np.zeros(count))
    if values.dtype != object:
        return np.nan_to_num(values.astype(np.float64), posinf=0.0, neginf=0.0)
    return np.array([_or_zero(value) for value in values.tolist()], np.float64)


def _or_zero(value: object) -> float:
    try:
        number = float(str(value))
    except ValueError:
        return 0.0
    return number if np.isfinite(number) else 0.0
