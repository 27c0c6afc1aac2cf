"""OneMap Console (一张图指挥台): a plugin-based desktop GIS command console and its backend."""

__version__ = "0.1.0"
