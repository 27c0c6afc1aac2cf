"""Profiles, sections and volumes, on the fine level of models, on buildings and on terrain.

``gather_site`` reads what stands along a line or within an area into triangles; ``profile`` and ``sample``
let rays fall on them, ``section`` cuts them by upright planes, ``earthwork`` sums what was sampled up.
"""
