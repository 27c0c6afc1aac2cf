"""Workload: jobs, distance and time a person, so that it can be shared fairly. Never a score."""
