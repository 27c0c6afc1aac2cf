"""Recordings: which there are, replayed under a ticket, taken out as files; all of it recorded."""
