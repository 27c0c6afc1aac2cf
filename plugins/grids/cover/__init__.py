"""Grids as a cover of their district without gap or overlap: operations, checks, the form that travels.

Both halves of the plugin use it. Coordinates are whole units of 1e-7 degrees (one centimetre),
longitude first, so that "the same vertex" is a question without a tolerance.
"""
