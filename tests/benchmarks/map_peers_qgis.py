# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS in ``map_peers``: run by Debian's Python with PyQGIS; a plan as JSON in, findings as JSON out.

Every frame is a whole drawing by QgsMapRendererParallelJob, which draws the layers in threads.
"""

import json
import os
import sys
import time
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, str(Path(__file__).resolve().parent))

import map_peers_views as views
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFillSymbol,
    QgsGeometry,
    QgsLineSymbol,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsPointXY,
    QgsRectangle,
    QgsRuleBasedLabeling,
    QgsRuleBasedRenderer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorSimplifyMethod,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor, QFont

MERCATOR = QgsCoordinateReferenceSystem("EPSG:3857")


class City:
    """The layers of the plan, from the ground up, with symbols for one view."""

    def __init__(self, plan: dict) -> None:
        self.plan = plan
        self.staff = QgsVectorLayer("Point?crs=EPSG:3857&field=kind:integer", "staff", "memory")
        self._add_staff()
        names = [*plan["layers"], "cameras"]
        self.layers = {n: QgsVectorLayer(f"{plan['data']}|layername={n}", n, "ogr") for n in names}
        for layer in self.layers.values():
            if not layer.isValid():
                raise SystemExit(f"QGIS cannot read {layer.name()}")
            simple = QgsVectorSimplifyMethod()
            simple.setSimplifyHints(QgsVectorSimplifyMethod.GeometrySimplification)
            layer.setSimplifyMethod(simple)
        self.layers["staff"] = self.staff

    def _add_staff(self) -> None:
        source = QgsVectorLayer(f"{self.plan['data']}|layername=staff", "source", "ogr")
        features = []
        for found in source.getFeatures():
            feature = QgsFeature(self.staff.fields())
            feature.setGeometry(found.geometry())
            feature.setAttributes([found["kind"]])
            features.append(feature)
        _, added = self.staff.dataProvider().addFeatures(features)
        self.places = {f.id(): f.geometry().asPoint() for f in added}

    def renew(self, number: int) -> None:
        """Fresh positions of all staff."""
        step = 1.0 if number % 2 else -1.0
        self.places = {key: QgsPointXY(p.x() + step, p.y() - step) for key, p in self.places.items()}
        moved = {key: QgsGeometry.fromPointXY(place) for key, place in self.places.items()}
        self.staff.dataProvider().changeGeometryValues(moved)

    def dress(self, rules: dict) -> None:
        """Symbols and labels as at the view's zoom."""
        for name, layer in self.layers.items():
            own = [stroke for stroke in rules["strokes"] if stroke["layer"] == name]
            points = name in ("cameras", "staff")
            layer.setRenderer(_points(rules) if points else _strokes(own))
            if name == "road":
                layer.setLabeling(_labels(rules["labels"]))
                layer.setLabelsEnabled(True)


def _symbol(stroke: dict):
    if stroke["width"] is None:
        return QgsFillSymbol.createSimple({"color": stroke["color"], "outline_style": "no"})
    look = {"line_color": stroke["color"], "line_width": str(stroke["width"]), "line_width_unit": "Pixel"}
    look |= {"capstyle": "flat" if stroke["dash"] else "round", "joinstyle": "round"}
    if stroke["dash"]:
        dash = ";".join(str(length * stroke["width"]) for length in stroke["dash"])
        look |= {"use_custom_dash": "1", "customdash": dash, "customdash_unit": "Pixel"}
    if stroke["layer"] in ("road", "railway", "waterway"):
        return QgsLineSymbol.createSimple(look)
    outline = {f"outline_{key.removeprefix('line_')}": value for key, value in look.items()}
    return QgsFillSymbol.createSimple(outline | {"style": "no", "joinstyle": "round"})


def _of(classes: list) -> str:
    return '"class" IN ({})'.format(", ".join(f"'{name}'" for name in classes)) if classes else ""


def _strokes(strokes: list) -> QgsRuleBasedRenderer:
    root = QgsRuleBasedRenderer.Rule(None)
    for number, stroke in enumerate(strokes):
        symbol = _symbol(stroke)
        symbol.symbolLayer(0).setRenderingPass(number)
        root.appendChild(QgsRuleBasedRenderer.Rule(symbol, filterExp=_of(stroke["classes"])))
    renderer = QgsRuleBasedRenderer(root)
    renderer.setUsingSymbolLevels(len(strokes) > 1)
    return renderer


def _points(rules: dict) -> QgsRuleBasedRenderer:
    root = QgsRuleBasedRenderer.Rule(None)
    for kind, color in rules["points"].items():
        look = {"color": color, "size": str(2 * rules["radius"]), "size_unit": "Pixel", "outline_style": "no"}
        symbol = QgsMarkerSymbol.createSimple(look)
        root.appendChild(QgsRuleBasedRenderer.Rule(symbol, filterExp=f'"kind" = {kind}'))
    return QgsRuleBasedRenderer(root)


def _labels(rules: list) -> QgsRuleBasedLabeling:
    root = QgsRuleBasedLabeling.Rule(None)
    for rule in rules:
        text = QgsTextFormat()
        text.setFont(QFont("Noto Sans CJK SC"))
        text.setSize(rule["size"])
        text.setSizeUnit(Qgis.RenderUnit.Pixels if hasattr(Qgis, "RenderUnit") else 2)
        text.setColor(QColor(rule["color"]))
        halo = QgsTextBufferSettings()
        halo.setEnabled(True)
        halo.setColor(QColor(rule["halo"]))
        text.setBuffer(halo)
        settings = QgsPalLayerSettings()
        settings.fieldName, settings.placement = "name", QgsPalLayerSettings.Curved
        settings.setFormat(text)
        root.appendChild(QgsRuleBasedLabeling.Rule(settings, filterExp=_of(rule["classes"])))
    return QgsRuleBasedLabeling(root)


def draw(city: City, view: dict, east: float, south: float):
    """One whole drawing; gives the picture."""
    width, height = city.plan["size"]
    unit, (x, y) = view["unit"], view["center"]
    x, y = x + east * unit, y - south * unit
    settings = QgsMapSettings()
    settings.setLayers(list(reversed(list(city.layers.values()))))
    settings.setDestinationCrs(MERCATOR)
    settings.setOutputSize(QSize(width, height))
    settings.setOutputDpi(96)
    settings.setBackgroundColor(QColor(view["rules"]["land"]))
    settings.setExtent(
        QgsRectangle(x - width / 2 * unit, y - height / 2 * unit, x + width / 2 * unit, y + height / 2 * unit)
    )
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage()


def pan(city: City, view: dict, seconds: float) -> dict:
    """As the others do; every frame is drawn whole."""
    began = last = time.perf_counter()
    cpu, frames, renewed = time.process_time(), 0, 0
    while (now := time.perf_counter()) - began < seconds or not frames:
        if now - last >= views.RENEWED:
            last, renewed = now, renewed + 1
            city.renew(renewed)
        draw(city, view, *views.way(now - began))
        frames += 1
    taken = time.perf_counter() - began
    return {"rate": frames / taken, "cpu": (time.process_time() - cpu) * 1e3 / frames}


def renewals(city: City, view: dict, seconds: float) -> float:
    """Batches of positions a second that can be taken and shown."""
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < seconds or not count:
        count += 1
        city.renew(count)
        draw(city, view, 0.0, 0.0)
    return count / (time.perf_counter() - began)


def memory() -> float:
    """Proportional set size in megabytes."""
    with Path("/proc/self/smaps_rollup").open() as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pss:")) * 1024 / 1e6


def main() -> None:
    """Measure and print."""
    plan = json.load(sys.stdin)
    application = QgsApplication([], False)
    application.initQgis()
    found, city = {"version": Qgis.QGIS_VERSION}, None
    for view in plan["views"]:
        began = time.perf_counter()
        city = city or City(plan)
        city.dress(view["rules"])
        picture = draw(city, view, 0.0, 0.0)
        found[view["name"]] = {"cold": time.perf_counter() - began}
        if plan["pictures"]:
            picture.save(f"{plan['pictures']}/qgis_{plan['name']}_{view['name']}.png")
        found[view["name"]] |= pan(city, view, plan["seconds"])
        found[view["name"]]["renewals"] = renewals(city, view, plan["seconds"] / 2)
    found["memory"] = memory()
    print(json.dumps(found), flush=True)
    os._exit(0)  # PyQGIS of this age may die while it takes itself down


if __name__ == "__main__":
    main()
