"""The time slider: features of a data layer by their date or time."""
