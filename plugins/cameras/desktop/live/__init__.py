"""Live pictures of cameras, each under a ticket of the backend."""
