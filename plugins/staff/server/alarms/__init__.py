"""Alarms about staff on duty: calls for help, silence, ranges left. Never about what they do."""
