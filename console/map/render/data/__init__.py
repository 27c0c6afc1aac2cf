"""Data layers: features of files and services, drawn by MapLibre styles above the base map."""
