"""Whether the streams of cameras answer, watched in rotation."""
