"""Duty in the console: who is on now, the rota by week, leave, hand-over."""
