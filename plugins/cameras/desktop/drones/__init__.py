"""Drones on the map while their picture is live: where they are, and the ground that the picture shows."""
