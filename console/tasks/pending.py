"""The one awaitable of the GUI: a future of another thread, handed to whoever drives the coroutine."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Generator
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Pending(Generic[T]):
    """Awaiting yields the future to the driver, which resumes when it is done; gives its result or error.

    A plain ``Future`` is not awaitable, and an asyncio one belongs to a loop
    that the GUI thread does not run. Who cancels the awaiting coroutine cancels
    the future; mark it running (``set_running_or_notify_cancel``) if it must go on.
    """

    __slots__ = ("future",)

    def __init__(self, future: Future[T]) -> None:
        self.future = future

    def __await__(self) -> Generator[Future[Any], None, T]:
        if not self.future.done():
            yield self.future
        try:
            return self.future.result()
        except concurrent.futures.CancelledError as error:
            # The two libraries have an exception each; handlers only know asyncio's.
            raise asyncio.CancelledError from error


def settled(value: T) -> Pending[T]:
    """A Pending that is done already."""
    future: Future[T] = Future()
    future.set_result(value)
    return Pending(future)
