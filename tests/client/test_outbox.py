"""The outbox: in order, once, over breaks, restarts and kill -9; refusals kept; a full disk told at once."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from console.client import outbox as outboxes
from console.client.api import Api
from console.client.outbox import Outbox
from console.client.outbox_file import Counts, count_entries
from console.sdk.errors import Conflict

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch) -> None:
    monkeypatch.setattr(outboxes, "FIRST_RETRY", 0.02)
    monkeypatch.setattr(outboxes, "LAST_RETRY", 0.1)


def until(condition, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


def done(backend) -> list[int]:
    return [answer[1]["n"] for answer in backend.done.values()]


def echo(request):
    return 200, request.body


def test_orders_given_while_cut_off_are_delivered_once_in_order(stub, tmp_path) -> None:
    backend = stub(echo)
    backend.stop()
    outbox = Outbox(tmp_path, Api(backend.url))
    answers = [outbox.submit(f"派单 {n}", "POST", "/x", {"n": n}) for n in range(5)]
    until(lambda: len(outbox.waiting()) == 5)
    assert [entry.title for entry in outbox.waiting()] == [f"派单 {n}" for n in range(5)]
    backend.start()
    assert [answer.result(20)["n"] for answer in answers] == list(range(5))
    assert done(backend) == list(range(5))
    until(lambda: not outbox.waiting())
    outbox.close()


def test_an_answer_lost_on_the_way_does_nothing_twice(stub, tmp_path) -> None:
    seen: set[str] = set()

    def loses_first_answers(request):
        key = request.headers["idempotency-key"]
        if key in seen:
            return 200, request.body
        seen.add(key)
        backend.done[key] = (200, request.body)  # the work is done, the answer never arrives
        return None

    backend = stub(loses_first_answers)
    outbox = Outbox(tmp_path, Api(backend.url))
    answers = [outbox.submit("x", "POST", "/x", {"n": n}) for n in range(3)]
    assert [answer.result(20)["n"] for answer in answers] == [0, 1, 2]
    assert done(backend) == [0, 1, 2]
    outbox.close()


def test_a_refusal_ends_an_entry_and_stays_until_dismissed(stub, tmp_path) -> None:
    def refuses_first(request):
        if request.body["n"] == 0:
            return 409, {"code": "conflict", "message_zh": "事件已结案"}
        return 200, request.body

    backend = stub(refuses_first)
    outbox = Outbox(tmp_path, Api(backend.url))
    first, second = (outbox.submit(f"派单 {n}", "POST", "/x", {"n": n}) for n in range(2))
    with pytest.raises(Conflict, match="事件已结案"):
        first.result(20)
    assert second.result(20) == {"n": 1}
    outbox.close()
    again = Outbox(tmp_path, Api(backend.url))
    (entry,) = again.waiting()
    assert (entry.title, entry.error) == ("派单 0", "事件已结案")
    again.dismiss(entry.id)
    until(lambda: not again.waiting())
    again.close()


def test_faults_of_the_server_are_waited_out(stub, tmp_path) -> None:
    faults = iter([500, 503, 429, 401, 200])
    backend = stub(lambda request: (next(faults), request.body))
    outbox = Outbox(tmp_path, Api(backend.url))
    assert outbox.submit("x", "POST", "/x", {"n": 7}).result(20) == {"n": 7}
    assert len({request.headers["idempotency-key"] for request in backend.requests}) == 1
    outbox.close()


def test_a_second_console_has_a_file_of_its_own_and_the_next_takes_it_over(stub, tmp_path) -> None:
    backend = stub(echo)
    backend.stop()
    first, second = Outbox(tmp_path, Api(backend.url)), Outbox(tmp_path, Api(backend.url))
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("*.db")} == {0o600}
    first.submit("派单 1", "POST", "/x", {"n": 1})
    until(lambda: len(first.waiting()) == 1)
    second.submit("派单 2", "POST", "/x", {"n": 2})
    until(lambda: len(second.waiting()) == 1)
    first.close()
    second.close()
    backend.start()
    third = Outbox(tmp_path, Api(backend.url))
    until(lambda: not third.waiting())
    assert done(backend) == [1, 2]
    third.close()


def test_a_full_disk_is_told_at_once(stub, tmp_path) -> None:
    """Nothing of the process may grow beyond 64 KiB: writing fails as on a full disk."""
    script = FULL_DISK.format(path=str(tmp_path), url=stub(echo).url)
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert ran.stdout.split() == ["NotAccepted", "0", "1"], ran.stderr


FULL_DISK = """
import resource, signal
from pathlib import Path
from console.client.api import Api
from console.client.outbox import Outbox
from console.sdk.errors import NotAccepted
outbox = Outbox(Path({path!r}), Api({url!r}))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
error = outbox.submit("large", "POST", "/x", {{"n": 0, "text": "x" * 200_000}}).exception(20)
print(type(error).__name__, len(outbox.waiting()))
print(outbox.submit("small", "POST", "/x", {{"n": 1}}).result(20)["n"])
outbox.close()
"""


GIVE_ORDERS = """
import sys
from pathlib import Path
from console.client.api import Api
from console.client.outbox import Outbox
outbox = Outbox(Path(sys.argv[1]), Api(sys.argv[2]))
for n in range(20):
    outbox.submit(f"order {n}", "POST", "/x", {"n": n})
    while len(outbox.waiting()) + (n < 0) < 1: pass
    print(n, flush=True)
import time; time.sleep(60)
"""


def test_what_was_accepted_survives_kill_9(stub, tmp_path) -> None:
    backend = stub(echo)
    backend.stop()
    path = tmp_path / "outbox.db"
    command = [sys.executable, "-c", GIVE_ORDERS, str(tmp_path), backend.url]
    console = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert console.stdout is not None
    for _ in range(20):
        console.stdout.readline()
    until(lambda: _kept(path) == 20)
    time.sleep(0.5)  # the bytes are there shortly before the commit of the last one ends
    console.send_signal(signal.SIGKILL)
    console.wait(10)
    backend.start()
    outbox = Outbox(tmp_path, Api(backend.url))
    until(lambda: not outbox.waiting())
    assert done(backend) == list(range(20))
    outbox.close()


def _kept(path: Path) -> int:
    """Entries on disk, counted by bytes: the file is locked while its console lives."""
    return path.read_bytes().count(b"order ")


def test_what_was_not_sent_can_be_withdrawn_and_put_back_in_its_place(stub, tmp_path) -> None:
    backend = stub(echo)
    backend.stop()
    outbox = Outbox(tmp_path, Api(backend.url))
    answers = [outbox.submit(f"派单 {n}", "POST", "/x", {"n": n}) for n in range(3)]
    until(lambda: len(outbox.waiting()) == 3 and not outbox.waiting()[0].under_way)
    first, second, _third = outbox.waiting()
    put_back = outbox.withdraw(second.id).result(5)
    assert put_back is not None
    assert [entry.body["n"] for entry in outbox.waiting()] == [0, 2]
    put_back()
    until(lambda: [entry.body["n"] for entry in outbox.waiting()] == [0, 1, 2])
    until(lambda: outbox.withdraw(first.id).result(5) is not None)  # between two tries
    outbox.close()
    backend.start()
    again = Outbox(tmp_path, Api(backend.url))
    until(lambda: not again.waiting())
    assert done(backend) == [1, 2]
    assert not answers[0].done()
    again.close()


def test_what_may_have_been_done_cannot_be_withdrawn_even_after_a_restart(stub, tmp_path) -> None:
    def loses_answers(request):
        backend.done[request.headers["idempotency-key"]] = (503, {})

    backend = stub(loses_answers)
    outbox = Outbox(tmp_path, Api(backend.url))
    outbox.submit("派单", "POST", "/x", {"n": 1})
    until(lambda: len(backend.requests) > 1)
    (entry,) = outbox.waiting()
    assert entry.under_way
    backend.stop()
    time.sleep(0.3)
    assert outbox.withdraw(entry.id).result(5) is None
    outbox.close()
    again = Outbox(tmp_path, Api(backend.url))
    assert again.withdraw(entry.id).result(5) is None
    again.close()


def test_a_file_of_the_first_version_is_read(stub, tmp_path) -> None:
    with sqlite3.connect(tmp_path / "outbox.db") as old:
        old.execute(
            "create table entry (place integer primary key autoincrement, id text not null unique,"
            " title text not null, method text not null, path text not null, body text not null,"
            " since real not null, error text not null)"
        )
        old.execute("insert into entry values (7, 'k', '派单', 'POST', '/x', '{\"n\": 4}', 1.0, '')")
    old.close()
    backend = stub(echo)
    outbox = Outbox(tmp_path, Api(backend.url))
    until(lambda: not outbox.waiting())
    assert done(backend) == [4]
    outbox.close()


def test_what_is_kept_is_counted_without_being_sent(stub, tmp_path) -> None:
    backend = stub(lambda request: (409, {"message_zh": "不行"}) if request.body["n"] else None)
    outbox = Outbox(tmp_path, Api(backend.url))
    for number in (1, 1, 0):
        outbox.submit("派单", "POST", "/x", {"n": number})
    until(lambda: sum(bool(entry.error) for entry in outbox.waiting()) == 2)
    until(lambda: len(outbox.waiting()) == 3)
    assert count_entries(tmp_path) == Counts()  # held by a console that shows it itself
    outbox.close()
    assert count_entries(tmp_path) == Counts(waiting=1, refused=2)
