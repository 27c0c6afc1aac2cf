"""Words that both halves of the staff plugin share; the record is ``console.sdk.records.Staff``."""

from __future__ import annotations

PERSONAL_FIELDS = ("phone",)
"""Fields of a staff member that travel masked and can be unmasked with a reason."""
