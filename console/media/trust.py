"""Whether who sends a stream under TLS is who it says: by the certificates that this machine trusts."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from urllib.parse import urlsplit

from console.certificates import trusted

PORTS = {"rtsps": 322, "https": 443, "rtmps": 443}
"""Schemes under TLS."""
PATIENCE = 3.0


def tls_options(scheme: str) -> dict[str, str]:
    """For the library, which else takes whoever answers."""
    return {"tls_verify": "1", "ca_file": trusted()} if scheme in PORTS else {}


def stranger(url: str) -> bool:
    """Whether *url* could not be opened for its certificate: the library does not tell that apart."""
    parts = urlsplit(url)
    if parts.scheme.lower() not in PORTS or not parts.hostname:
        return False
    address = parts.hostname, parts.port or PORTS[parts.scheme.lower()]
    with suppress(OSError):
        context = ssl.create_default_context(cafile=trusted())
        with socket.create_connection(address, PATIENCE) as line:
            line.settimeout(PATIENCE)
            try:
                context.wrap_socket(line, server_hostname=parts.hostname).close()
            except ssl.SSLCertVerificationError:
                return True
    return False
