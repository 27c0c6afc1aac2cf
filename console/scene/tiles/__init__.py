"""3D Tiles 1.0 and 1.1: tilesets as flat arrays, their contents as models, and which tiles a camera needs."""
