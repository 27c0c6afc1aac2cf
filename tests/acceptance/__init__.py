"""The main job and its faults, played in the real window on real cities."""
