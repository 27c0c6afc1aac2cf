"""Taking people into the staff: from a table or one by one, each with a device of their own."""
