"""Live pictures of cameras: decoded in processes of their own, painted where they are looked at."""
