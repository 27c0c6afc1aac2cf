"""The shared vocabulary: frozen typed records, area codes, coordinates, units. No Qt, SQL or I/O."""
