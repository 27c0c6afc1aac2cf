"""Command: orders to many, what follows silence, ready texts, attachments, help between stations."""
