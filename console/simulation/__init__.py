"""Simulated field staff: they walk the real roads and report through the real protocols."""
