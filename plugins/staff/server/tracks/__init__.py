"""Where on-duty staff were: looked at with a reason, measured, never kept beyond the history's time."""
