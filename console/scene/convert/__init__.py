"""OSGB deliveries made into 3D Tiles 1.1."""

from console.scene.convert.job import ConversionCancelled, ConversionReport, Options, convert_delivery

__all__ = ["ConversionCancelled", "ConversionReport", "Options", "convert_delivery"]
