"""What is thrown away in time: old log lines, answers, history, files of layers that are no more."""

from __future__ import annotations

import asyncio
import logging
import time

from sqlalchemy.exc import SQLAlchemyError

from console.server.changes import trim_log
from console.server.core import Core
from console.server.idempotency import forget_old_answers

log = logging.getLogger(__name__)

_EVERY = 600.0


async def keep_house(core: Core) -> None:
    """Tidy up every ten minutes, off the event loop."""
    while True:
        await asyncio.sleep(_EVERY)
        try:
            await asyncio.to_thread(tidy, core)
        except (SQLAlchemyError, OSError) as error:
            log.warning("tidying up failed: %s", error)


def tidy(core: Core) -> None:
    """One turn."""
    now = time.time()
    with core.database.write() as session:
        trim_log(session, now - core.settings.log_keep_seconds)
        forget_old_answers(session)
    core.tables.drop_history(now - core.settings.history_days * 86400.0)
    core.layers.drop_stale_files()
