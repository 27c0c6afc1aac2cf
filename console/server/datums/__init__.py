"""The datum ledger: local datums that were entered, measuring layers, mending them."""
