"""Steering cameras: whose turn it is, and the head's movements."""
