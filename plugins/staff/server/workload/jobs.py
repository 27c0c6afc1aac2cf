"""Who had which job from when to when."""

from __future__ import annotations

import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugins.staff.server.workload.tables import JobRow


def note_job(session: Session, staff: str, job: str) -> None:
    """Write that somebody has the job from now on, or (empty) has none any more."""
    now = time.time()
    for row in session.scalars(select(JobRow).where(JobRow.staff == staff, JobRow.until.is_(None))):
        row.until = now
    if job:
        known = session.get(JobRow, (staff, job))
        if known is None:
            session.add(JobRow(staff=staff, job=job, since=now))
        else:
            known.until = None
