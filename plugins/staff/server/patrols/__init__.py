"""Patrol plans: routes with checkpoints and time windows, and how far they were walked."""
