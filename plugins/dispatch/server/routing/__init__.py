"""Ways and times along the imported roads; see docs/routing.md."""
