"""Widgets that show cameras."""
