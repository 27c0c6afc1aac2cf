"""The live hub: one websocket a console, records from the change log, positions from the board."""
