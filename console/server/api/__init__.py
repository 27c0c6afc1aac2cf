"""Endpoints of the core, one file a subject."""
