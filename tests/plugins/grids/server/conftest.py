"""The district whose grids are changed."""

from tests.plugins.grids.server.grid_city import grids

__all__ = ["grids"]
