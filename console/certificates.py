"""Whose word this machine takes for it that a server is who it says."""

from __future__ import annotations

import ssl

import certifi


def trusted() -> str:
    """A PEM file: what ``SSL_CERT_FILE`` names, else the system's, else the list that comes with us."""
    return ssl.get_default_verify_paths().cafile or certifi.where()
