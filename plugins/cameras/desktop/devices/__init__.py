"""Devices and platforms: added, searched for, and their channels made cameras."""
