"""Opening the cameras of a piece of ground, along a way, or around an event."""
