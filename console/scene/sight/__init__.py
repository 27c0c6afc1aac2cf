"""What is seen from where: rays on one fixed fine level of models, buildings and ground.

The way of use: a `MeshBuilder` is given tilesets (`gather_tileset`), buildings and ground (`add_city`,
`add_ground`) and gives a `FineMesh`, which is kept in a file. `mesh.rays(...)` answers `sight_line`,
`viewshed`, `skyline`; `precompute` writes what all cameras see into a `SightFile`, which knows the
`cameras_seeing` a place.
"""

MESH, SEEN = "mesh.npz", "cameras.sight"
"""What `onemap data sight` writes into its folder."""
