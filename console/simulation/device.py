"""One device in the field: reports where it is and obeys the orders it gets."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from console.model.records import LonLat, Means, OrderState
from console.simulation.reports import Faults, Report, make_report, osmand_query, owntracks_body
from console.simulation.roads import Roads
from console.simulation.walker import Walker

log = logging.getLogger(__name__)
_LONGEST_PAUSE = 60.0
_MAX_UNDER_WAY = 8
"""Reports of one device that may be late or unanswered at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceAccount:
    """What a device knows of itself. The secret is never printed."""

    device: str
    secret: str
    home: LonLat
    means: Means = Means.FOOT

    def __repr__(self) -> str:
        return f"DeviceAccount({self.device})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How simulated staff behave; seconds."""

    interval: float = 5.0
    answer_after: tuple[float, float] = (1.0, 4.0)
    handle_for: tuple[float, float] = (8.0, 20.0)
    refuse: float = 0.04
    pace: float = 1.0
    """How many times faster than real they move and handle events."""
    faults: Faults = field(default_factory=Faults)


class SimulatedDevice:
    """Runs until cancelled; the network may come and go."""

    def __init__(
        self, http: aiohttp.ClientSession, base: str, account: DeviceAccount, roads: Roads, habits: Habits
    ) -> None:
        self._http, self._base, self._habits = http, base.rstrip("/"), habits
        self._account = account
        self._chance = random.Random(account.device)
        self._walker = Walker(roads, account.home, account.means, self._chance)
        self._auth = aiohttp.BasicAuth(account.device, account.secret)
        self._owntracks = self._chance.random() < 0.3
        self._battery = self._chance.uniform(0.4, 1.0)
        self._pause = habits.interval
        self._order = ""
        self._calls: set[str] = set()
        self._route: list[LonLat] = []
        self._at_goal = asyncio.Event()
        self._working: asyncio.Task[None] | None = None
        self._delayed: set[asyncio.Task[None]] = set()
        self.reports = 0
        """Reports that the backend took."""

    async def run(self, spread: float) -> None:
        """Begin within *spread* seconds, then report and listen for orders until cancelled."""
        await asyncio.sleep(self._chance.uniform(0, spread))
        try:
            await asyncio.gather(self._report_for_ever(), self._listen_for_ever())
        finally:
            for task in (self._working, *self._delayed):
                if task is not None:
                    task.cancel()

    async def _report_for_ever(self) -> None:
        loop = asyncio.get_running_loop()
        last = loop.time()
        while True:
            now = loop.time()
            fix = self._walker.advance((now - last) * self._habits.pace)
            last = now
            if self._walker.arrived:
                self._at_goal.set()
            self._battery = max(0.05, self._battery - 0.00002)
            report = make_report(fix, self._battery, self._habits.faults, self._chance)
            if report is not None and len(self._delayed) < _MAX_UNDER_WAY:
                self._spawn(self._send(report))
            await asyncio.sleep(self._pause * self._chance.uniform(0.95, 1.05))

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._delayed.add(task)
        task.add_done_callback(self._delayed.discard)

    async def _send(self, report: Report) -> None:
        await asyncio.sleep(report.delay)
        device = self._account.device
        try:
            if self._owntracks:
                call = self._http.post(
                    f"{self._base}/ingest/owntracks", json=owntracks_body(device, report), auth=self._auth
                )
            else:
                query = osmand_query(device, report)
                call = self._http.get(f"{self._base}/ingest/osmand", params=query, auth=self._auth)
            async with call as answer:
                self.reports += answer.status < 300
                if answer.status >= 400:
                    log.debug("%s: report refused with %s", device, answer.status)
                self._pace(answer.status < 429)
        except (aiohttp.ClientError, TimeoutError) as error:
            log.debug("%s: no way to the backend: %s", device, type(error).__name__)
            self._pace(False)

    def _pace(self, well: bool) -> None:
        """Report as usual, or less and less often while the backend cannot take it."""
        interval = self._habits.interval
        self._pause = interval if well else min(self._pause * 2, max(interval, _LONGEST_PAUSE))

    async def _listen_for_ever(self) -> None:
        url, tag = f"{self._base}/dispatch/device/orders", ""
        while True:
            try:
                headers = {"If-None-Match": tag} if tag else {}
                async with self._http.get(
                    url, params={"wait": "25"}, headers=headers, auth=self._auth
                ) as answer:
                    if answer.status == 200:
                        tag = answer.headers.get("ETag", "")
                        self._hear(await answer.json())
                    elif answer.status != 304:
                        await asyncio.sleep(10)
            except (aiohttp.ClientError, TimeoutError):
                await asyncio.sleep(self._chance.uniform(2, 6))

    def _hear(self, entries: list[Mapping[str, Any]]) -> None:
        """Answer calls; take the first open order; the one in hand may have been withdrawn or re-routed."""
        orders = {entry["order"]["id"]: entry["order"] for entry in entries if entry["order"]["event"]}
        calls = {entry["order"]["id"] for entry in entries} - orders.keys()
        for call in sorted(calls - self._calls):
            self._spawn(self._answer_call(call))
        self._calls = calls
        if self._order and self._order not in orders:
            self._drop_order()
        if self._order:
            self._take_route(orders[self._order])
        elif orders:
            order = min(orders.values(), key=lambda each: each["sent_at"])
            self._order = order["id"]
            self._take_route(order)
            self._working = asyncio.create_task(self._work(order))

    def _take_route(self, order: Mapping[str, Any]) -> None:
        """Keep the pushed route; a new one while under way replaces the old."""
        route = [tuple(point) for point in (order.get("route") or {}).get("path", [])]
        if route and route != self._route:
            self._route = route
            if self._walker.following and not self._walker.arrived:
                self._walker.follow(route)

    def _drop_order(self) -> None:
        if self._working is not None:
            self._working.cancel()
        self._order, self._route = "", []
        if self._walker.following:
            self._walker.patrol()

    async def _work(self, order: Mapping[str, Any]) -> None:
        """The way of one order, from the phone's ring to the report."""
        habits, chance = self._habits, self._chance
        state = order["state"]
        if state in (OrderState.SENT, OrderState.DELIVERED, OrderState.READ):
            await self._act("delivered")
            await self._act("read")
            await asyncio.sleep(chance.uniform(*habits.answer_after))
            if chance.random() < habits.refuse:
                await self._act("refuse", "正在处理其他事件")
                self._order, self._route = "", []
                return
            await self._act("accept")
        if state != OrderState.ARRIVED:
            await self._act("start")
            await self._go()
            await self._act("arrive")
        await asyncio.sleep(chance.uniform(*habits.handle_for) / habits.pace)
        await self._act("done", "现场已处置完毕")
        self._order, self._route = "", []
        self._walker.patrol()

    async def _answer_call(self, call: str) -> None:
        """A call (群呼) is read and confirmed beside the order in hand."""
        for action in ("delivered", "read", "accept"):
            await self._tell(call, action)
            await asyncio.sleep(self._chance.uniform(*self._habits.answer_after))
        await self._tell(call, "done", "收到")

    async def _go(self) -> None:
        if not self._route:
            return
        self._at_goal.clear()
        self._walker.follow(self._route)
        await self._at_goal.wait()

    async def _act(self, action: str, note: str = "") -> None:
        await self._tell(self._order, action, note)

    async def _tell(self, order: str, action: str, note: str = "") -> None:
        """Tell the backend; tried until it answers, since an order must not hang."""
        url = f"{self._base}/dispatch/device/orders/{order}"
        while True:
            try:
                body = {"action": action, "note": note}
                async with self._http.post(url, json=body, auth=self._auth) as answer:
                    if answer.status < 500:
                        return
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(self._chance.uniform(1, 3))
