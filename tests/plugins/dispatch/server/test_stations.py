"""Who commands whom: help is asked for, granted, and returns by itself; others' staff cannot be sent."""

from __future__ import annotations

import time
from typing import Any

from tests.plugins.city import DISTRICT, EAST, WEST, City, grid_of


def ask(city: City, key: str, seconds: float = 600, **more: Any) -> Any:
    now = time.time()
    body = {"id": key, "area": EAST, "what": "两名急救员", "count": 2} | more
    return city.call("east", "POST", "/dispatch/help", body | {"needed_by": now + 1, "until": now + seconds})


def names(city: City, who: str) -> set[str]:
    return {member["id"] for member in city.ok(who, "GET", "/staff")}


def test_nobody_sends_staff_of_another_station(city: City) -> None:
    event = city.new_event(street=EAST)
    for staff in ("s101", "nobody-of-that-id"):
        refused = city.call("east", "POST", "/dispatch/orders", {"event": event["id"], "staff": staff})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_commanded")
        assert refused.json()["message_zh"] == "该人员不归您指挥"


def test_help_is_asked_for_granted_and_used(city: City) -> None:
    assert ask(city, "help-0", area=WEST).status_code == 403
    assert ask(city, "help-0", area=DISTRICT).status_code == 403
    request = ask(city, "help-1").json()
    assert (request["state"], request["by"]) == ("open", "east")
    assert ask(city, "help-1").json() == request
    assert city.ok("west", "GET", "/dispatch/help") == []
    assert city.call("east", "POST", "/dispatch/help/help-1/grant", {"staff": ["s101"]}).status_code == 403
    assert city.call("west", "POST", "/dispatch/help/help-1/grant", {"staff": ["s101"]}).status_code == 404
    granted = city.ok("whole", "POST", "/dispatch/help/help-1/grant", {"staff": ["s101", "s102"]})
    assert (granted["state"], granted["answered_by"]) == ("granted", "whole")

    assert {"s101", "s102"} <= names(city, "east")
    assert not {"s101", "s102"} & names(city, "west")
    lent = city.ok("east", "GET", "/staff/s101")
    assert (lent["area"], lent["home"]) == (EAST, grid_of(WEST))
    city.report("s101", city.places[WEST][0])
    board = city.app.state.core.board
    city.until(lambda: lent["handle"] in board.columns(board.within(board.rows(), [EAST])).handle)

    event = city.new_event(street=EAST)
    order = city.ok("east", "POST", "/dispatch/orders", {"event": event["id"], "staff": "s101"})
    here = city.new_event()
    refused = city.call("west", "POST", "/dispatch/orders", {"event": here["id"], "staff": "s102"})
    assert (refused.status_code, refused.json()["code"]) == (403, "lent")
    city.ok("east", "POST", f"/dispatch/orders/{order['id']}/actions", {"action": "cancel"})
    again = city.call("whole", "POST", "/dispatch/help/help-1/grant", {"staff": ["s103"]})
    assert again.json()["code"] == "answered"


def test_who_is_lent_returns_by_themselves_but_not_from_an_order(city: City) -> None:
    ask(city, "help-2", seconds=3)
    city.ok("whole", "POST", "/dispatch/help/help-2/grant", {"staff": ["s104", "s105"]})
    event = city.new_event(street=EAST)
    order = city.ok("east", "POST", "/dispatch/orders", {"event": event["id"], "staff": "s105"})
    city.until(lambda: "s104" in names(city, "west"), 20)
    assert "s105" in names(city, "east")
    city.ok("east", "POST", f"/dispatch/orders/{order['id']}/actions", {"action": "cancel"})
    city.until(lambda: "s105" in names(city, "west"), 20)
    back = city.ok("west", "GET", "/staff/s105")
    assert (back["area"], back["home"], back["lent_until"]) == (grid_of(WEST), "", None)


def test_requests_are_declined_from_above_and_withdrawn_by_who_asked(city: City) -> None:
    for key, who, action, state in (
        ("help-3", "whole", "decline", "declined"),
        ("help-4", "east", "withdraw", "withdrawn"),
    ):
        ask(city, key)
        body = {"action": action, "note": "人手不足"}
        assert city.ok(who, "POST", f"/dispatch/help/{key}/actions", body)["state"] == state
    ask(city, "help-5")
    mine = city.call("east", "POST", "/dispatch/help/help-5/actions", {"action": "decline"})
    assert (mine.status_code, mine.json()["code"]) == (403, "not_above")


def test_either_side_ends_a_loan_early(city: City) -> None:
    ask(city, "help-6")
    city.ok("whole", "POST", "/dispatch/help/help-6/grant", {"staff": ["s106"]})
    loan = next(each for each in city.ok("west", "GET", "/dispatch/loans") if each["staff"] == "s106")
    assert (loan["borrower"], loan["area"]) == (EAST, grid_of(WEST))
    city.ok("east", "POST", "/dispatch/loans/s106/return")
    assert "s106" in names(city, "west")
