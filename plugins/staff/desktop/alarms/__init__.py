"""Alarms in the console: SOS with everything at once, silence and ranges quietly."""
