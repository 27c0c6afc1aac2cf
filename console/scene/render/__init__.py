"""VTK: what has been streamed, drawn into a picture."""
