"""Assessment of closed events on the backend."""
