"""Files of the user's, read into layer packages by a process of its own (``reader``)."""
