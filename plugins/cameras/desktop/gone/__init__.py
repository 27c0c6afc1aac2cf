"""Cameras that are gone, by the units that they belong to."""
