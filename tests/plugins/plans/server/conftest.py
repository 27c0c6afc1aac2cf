"""The city on a real socket."""

from tests.plugins.dispatch.server.conftest import served

__all__ = ["served"]
