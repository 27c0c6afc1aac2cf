"""What duty is measured by, edited in the window: shifts, rules of the watch, activity ranges."""
