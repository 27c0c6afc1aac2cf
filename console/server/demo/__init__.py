"""The demo district: growing a fictitious one from a seed or taking a real city, and storing it."""

from console.server.demo.district import District, city_district, make_district
from console.server.demo.seed import seed_district
from console.server.demo.size import DEMO, FULL, DistrictSize, preset_size

__all__ = [
    "DEMO",
    "FULL",
    "District",
    "DistrictSize",
    "city_district",
    "make_district",
    "preset_size",
    "seed_district",
]
