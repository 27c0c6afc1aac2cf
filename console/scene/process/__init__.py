"""The process that streams and draws, and the window's side of it."""
