"""Recordings of cameras, side by side by one clock."""
