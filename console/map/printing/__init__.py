"""Sheets of paper: how they are laid out, what the window gives to print, and the process that draws them."""
