"""Reading geodata, as the import into the backend and the user's own files both need it."""
