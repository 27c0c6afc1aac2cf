# SPDX-License-Identifier: GPL-2.0-or-later
"""``/usr/bin/python3 make_project.py FOLDER``: real data in FOLDER becomes the project city.qgz."""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (
    QgsApplication,
    QgsFillSymbol,
    QgsLineSymbol,
    QgsPalLayerSettings,
    QgsProject,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)


def main(folder: Path) -> None:
    application = QgsApplication([], True)
    application.initQgis()
    project = QgsProject.instance()
    project.setTitle("城区底图")
    root = project.layerTreeRoot()
    buildings = QgsVectorLayer(str(folder / "buildings.geojson"), "建筑", "ogr")
    symbol = QgsFillSymbol.createSimple({"color": "255,0,0", "outline_style": "no"})
    buildings.renderer().setSymbol(symbol)
    roads = QgsVectorLayer(str(folder / "roads.gpkg"), "道路", "ogr")
    roads.renderer().setSymbol(QgsLineSymbol.createSimple({"color": "0,0,255", "width": "0.8"}))
    roads.setLabeling(labelled("name"))
    roads.setLabelsEnabled(True)
    roads.setScaleBasedVisibility(True)
    roads.setMinimumScale(100000)
    lost = QgsVectorLayer(str(folder / "lost.shp"), "丢失的图层", "ogr")
    for layer in (buildings, roads, lost):
        project.addMapLayer(layer, False)
    root.addGroup("交通").addLayer(roads)
    root.addLayer(buildings)
    root.addLayer(lost)
    if not project.write(str(folder / "city.qgz")):
        raise SystemExit("the project could not be written")
    sys.stdout.flush()
    os._exit(0)


def labelled(field: str) -> QgsVectorLayerSimpleLabeling:
    settings = QgsPalLayerSettings()
    settings.fieldName = field
    settings.placement = QgsPalLayerSettings.Line
    settings.setFormat(QgsTextFormat())
    return QgsVectorLayerSimpleLabeling(settings)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
