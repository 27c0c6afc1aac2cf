# SPDX-License-Identifier: GPL-2.0-or-later
"""``/usr/bin/python3 publish.py FOLDER``: roads.gpkg in FOLDER as a project that a server publishes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsLineSymbol, QgsProject, QgsVectorLayer


def main(folder: Path) -> None:
    application = QgsApplication([], True)
    application.initQgis()
    project = QgsProject.instance()
    project.setTitle("道路服务")
    project.setCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    layers = []
    for name, title, color in (("roads", "道路", "255,0,0"), ("again", "另一层", "0,0,255")):
        layer = QgsVectorLayer(str(folder / "roads.gpkg"), title, "ogr")
        layer.setShortName(name)
        layer.renderer().setSymbol(QgsLineSymbol.createSimple({"color": color, "width": "1.2"}))
        project.addMapLayer(layer)
        layers.append(layer)
    project.writeEntry("WMSCrsList", "/", ["EPSG:3857", "EPSG:4326"])
    project.writeEntry("WFSLayers", "/", [layer.id() for layer in layers])
    for layer in layers:
        project.writeEntry("WFSLayersPrecision", "/" + layer.id(), 8)
    project.writeEntry("WMTSLayers", "Layer", [layer.id() for layer in layers])
    project.writeEntry("WMTSPngLayers", "Layer", [layer.id() for layer in layers])
    project.writeEntry("WMTSGrids", "CRS", ["EPSG:3857", "EPSG:4326"])
    grids = ["EPSG:3857,20037508.34,-20037508.34,559082264.029,18", "EPSG:4326,90.0,-180.0,279541132.014,18"]
    project.writeEntry("WMTSGrids", "Config", grids)
    if not project.write(str(folder / "service.qgs")):
        raise SystemExit("the project could not be written")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
