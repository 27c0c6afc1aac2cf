"""Cameras on the map beyond their symbols: fields of view, the card under the pointer, floating pictures."""
