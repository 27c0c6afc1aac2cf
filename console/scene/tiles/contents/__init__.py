"""The formats of tiles' contents: b3dm, i3dm, pnts, cmpt, glb and gltf, all read into models."""
