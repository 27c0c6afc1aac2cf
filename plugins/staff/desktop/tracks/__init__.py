"""Tracks of several people on the map, with time, figures and export."""
