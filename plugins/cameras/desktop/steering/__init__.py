"""Steering a camera over its live picture."""
