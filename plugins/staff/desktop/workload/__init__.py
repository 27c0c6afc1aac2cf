"""Workload in the console: how work is shared, as bars."""
