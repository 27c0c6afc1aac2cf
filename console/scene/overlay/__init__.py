"""What is live, on the scene: painted by the map's own painters."""
