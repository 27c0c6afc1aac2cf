"""The 3D engine: what a scene's files say, as arrays. The readers here know neither Qt nor VTK."""
