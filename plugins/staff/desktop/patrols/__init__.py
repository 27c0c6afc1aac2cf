"""Patrol plans in the console: drawn on the map, planned against walked, streets by share walked."""
