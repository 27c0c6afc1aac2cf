"""Looks into the backend's records by REST, beside the console and without it."""

from __future__ import annotations

from typing import Any

import requests

from console.model.records import Ticket


class Witness:
    """Reads as the account of a ticket."""

    def __init__(self, url: str, ticket: Ticket) -> None:
        self._url = f"{url}/api/v1"
        self._http = requests.Session()
        self._http.headers["Authorization"] = f"Bearer {ticket.access_token}"

    def get(self, path: str, **query: Any) -> Any:
        """What GET answers."""
        answer = self._http.get(self._url + path, params=query, timeout=20)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, **body: Any) -> Any:
        """What POST answers; only for questions that change nothing."""
        answer = self._http.post(self._url + path, json=body, timeout=20)
        answer.raise_for_status()
        return answer.json()

    def way(self, **body: Any) -> list[tuple[float, float]]:
        """How one would go; empty when no road leads there any more."""
        answer = self._http.post(f"{self._url}/dispatch/route", json=body, timeout=20)
        return answer.json()["path"] if answer.status_code != 404 else []

    def events(self, title: str) -> list[dict[str, Any]]:
        """All events of that title."""
        return [event for event in self.get("/events", state="all") if event["title"] == title]

    def event(self, title: str) -> dict[str, Any]:
        """The one event of that title."""
        (found,) = self.events(title)
        return found

    def order(self, event_id: str) -> dict[str, Any]:
        """The last order for an event."""
        orders = [order for order in self.get("/dispatch/orders", state="all") if order["event"] == event_id]
        return max(orders, key=lambda order: order["sent_at"])

    def history(self, order_id: str) -> list[dict[str, Any]]:
        """The steps of an order."""
        return self.get(f"/dispatch/orders/{order_id}/history")
