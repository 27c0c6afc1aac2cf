"""Positions: rules for a fix, the columns of last positions, history off the request path."""
