"""The backend: REST, live feed and ingest on one address. Secrets come by environment."""

from __future__ import annotations

import argparse
import logging
import sys

from console.cli.places import add_data_dir, server_settings
from console.processes import allow_many_files


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``onemap server``."""
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
    )
    parser.add_argument("--port", type=int, default=8700, help="0 takes a free one (default 8700)")
    parser.add_argument("--log-level", default="info", choices=["debug", "info", "warning", "error"])
    add_data_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl+C."""
    from sqlalchemy.exc import SQLAlchemyError

    from console.server.run import serve
    from console.server.settings import SettingError

    logging.basicConfig(
        level=arguments.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    allow_many_files()
    try:
        settings = server_settings(arguments)
        serve(settings, arguments.host, arguments.port, lambda url: print(f"ready: {url}", flush=True))
    except SettingError as error:
        sys.stderr.write(f"设置有误 / a setting is wrong: {error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"cannot listen on {arguments.host}:{arguments.port}: {error.strerror}\n")
        return 1
    except SQLAlchemyError as error:
        sys.stderr.write(f"the database does not answer: {str(error).splitlines()[0]}\n")
        return 1
    return 0
