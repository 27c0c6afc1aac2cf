"""The widget of the scene."""
