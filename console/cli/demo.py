"""The demo: a city district, an embedded backend, simulated field staff and the console, signed in."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import msgspec
import requests

from console.cli.display import NO_DISPLAY, NoDisplay, has_display, start_virtual
from console.cli.run import add_window_arguments, window_options
from console.cli.terminal import ProgressLine
from console.model.records import Ticket
from console.paths import cache_dir, data_dir
from console.processes import exit_on_term, signals_held, start_child

NAME = "demo"
"""Under which the demo's maps are kept, whatever its port."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``onemap demo``."""
    parser.add_argument(
        "--size", choices=["demo", "full"], default="demo", help="size of the generated district"
    )
    parser.add_argument("--seed", type=int, default=1, help="another seed, another district")
    parser.add_argument(
        "--city", type=Path, metavar="FILE", help="an OSM file instead of the generated district"
    )
    parser.add_argument("--grids", type=int, default=200, help="grids over the --city")
    parser.add_argument("--staff", type=int, default=800, help="simulated staff in the --city")
    parser.add_argument("--pace", type=float, default=1.0, help="times faster than real staff move and work")
    parser.add_argument("--refuse", type=float, default=0.04, help="share of orders that staff refuse")
    parser.add_argument("--no-video", action="store_true", help="leave the live cameras out")
    parser.add_argument("--no-simulate", action="store_true", help="leave the field staff out")
    parser.add_argument("--virtual", action="store_true", help="draw on a virtual display (Xvfb)")
    parser.add_argument(
        "--backend-only", action="store_true", help="print where the backend is, open no window"
    )
    add_window_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Start everything, show the window, end everything, also when a signal asks for the end."""
    exit_on_term()
    with ExitStack() as stack:
        try:
            provide_display(arguments, stack)
        except NoDisplay as error:
            sys.stderr.write(f"{error}\n")
            return 2
        backend = stack.enter_context(DemoBackend(arguments))
        if not arguments.backend_only:
            with signals_held():
                importlib.import_module("console.app")  # takes its time while the backend starts
        if not backend.wait():
            return 1
        if not arguments.no_simulate:
            backend.start_staff(arguments.pace)
        if arguments.backend_only:
            return backend.stay()
        return show_window(arguments, backend)


def show_window(arguments: argparse.Namespace, backend: DemoBackend) -> int:
    """The console, signed in; maps are kept from demo to demo, orders of the last one are not."""
    from console.app import run_console
    from console.client.cache import LocalCache

    shutil.rmtree(LocalCache(cache_dir(), data_dir(), NAME, backend.username).outbox_folder())
    return run_console(window_options(arguments, backend.url, ticket=backend.sign_in(), kept_as=NAME))


def provide_display(arguments: argparse.Namespace, stack: ExitStack) -> None:
    """The user's screen, or a virtual one if asked for. Raises NoDisplay."""
    if arguments.backend_only:
        return
    if arguments.virtual:
        screen = start_virtual(arguments.geometry or "1920x1080")
        stack.callback(end, screen)
    elif not has_display():
        raise NoDisplay(NO_DISPLAY)


def end(process: subprocess.Popen[Any], patience: float = 8.0) -> None:
    """Ask *process* to end, and make it when it does not."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class DemoBackend:
    """The child processes: backend and field staff. Secrets pass through pipes only."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._arguments = arguments
        self._staff: subprocess.Popen[bytes] | None = None
        self.url = self.username = self.password = self._roads = ""

    def __enter__(self) -> DemoBackend:
        read, write = os.pipe()
        order = {
            "size": self._arguments.size,
            "seed": self._arguments.seed,
            "city": str(self._arguments.city.resolve()) if self._arguments.city else "",
            "grids": self._arguments.grids,
            "staff": self._arguments.staff,
            "video": not self._arguments.no_video,
            "handshake": write,
        }
        self._process = start_child(
            [sys.executable, "-m", "console.cli.demo_backend"],
            stdin=subprocess.PIPE,
            pass_fds=[write],
        )
        os.close(write)
        self._answers = os.fdopen(read, encoding="utf-8")
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.close()
        return self

    def __exit__(self, *_: object) -> None:
        if self._staff is not None:
            end(self._staff)
        end(self._process)
        self._answers.close()

    def wait(self) -> bool:
        """Show progress until the backend answers; False when it ended instead."""
        line = ProgressLine("demo")
        for answer in self._read():
            if "progress" in answer:
                line(answer["progress"], answer["text"])
                continue
            self.url, self._roads = answer["url"], answer["roads"]
            self.username, self.password = answer["username"], answer["password"]
            line.end(f"backend at {self.url}")
            return True
        sys.stderr.write("demo: the backend ended before it was ready; its own words stand above\n")
        return False

    def sign_in(self) -> Ticket:
        """A session of the demo account, handed to the console in memory."""
        credentials = {"username": self.username, "password": self.password}
        answer = requests.post(f"{self.url}/api/v1/session", json=credentials, timeout=20)
        answer.raise_for_status()
        return msgspec.json.decode(answer.content, type=Ticket)

    def start_staff(self, pace: float) -> None:
        """Start the field staff; they set out as soon as the backend has told their secrets."""
        command = [sys.executable, "-m", "console", "simulate", "--url", self.url, "--quiet"]
        command += ["--roads", self._roads, "--pace", str(pace), "--refuse", str(self._arguments.refuse)]
        self._staff = start_child(command, stdin=subprocess.PIPE)
        os.setpriority(os.PRIO_PROCESS, self._staff.pid, 5)  # the window goes first
        threading.Thread(target=self._tell_staff, args=(self._staff.stdin,), daemon=True).start()

    def _tell_staff(self, pipe: IO[bytes]) -> None:
        with pipe, suppress(BrokenPipeError):
            for answer in self._read():
                for device in answer["devices"]:
                    pipe.write(json.dumps(device).encode() + b"\n")

    def _read(self) -> Iterator[dict[str, Any]]:
        for text in self._answers:
            yield json.loads(text)

    def stay(self) -> int:
        """Keep the backend up until Ctrl+C; the account's password goes to the terminal only."""
        print(f"{self.url}  account {self.username}  password {self.password}", flush=True)
        return self._process.wait()


@contextmanager
def running_demo(**options: Any) -> Iterator[DemoBackend]:
    """A demo backend for tests and pictures; options as on the command line, without dashes."""
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    arguments = parser.parse_args([])
    for name, value in options.items():
        setattr(arguments, name, value)
    with DemoBackend(arguments) as backend:
        if not backend.wait():
            raise RuntimeError("the demo backend did not start")
        if not arguments.no_simulate:
            backend.start_staff(arguments.pace)
        yield backend
