"""Recordings: fetched, kept for a while, shown by a clock that several share, written into files."""
