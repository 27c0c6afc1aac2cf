"""TAK Cursor-on-Target: ATAK, WinTAK and iTAK report where they are, and see who else is near."""
