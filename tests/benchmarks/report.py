"""Run the benchmarks and write docs/performance.md from their last lines.

    .venv/bin/python tests/benchmarks/report.py [--quick] [NAME …]

Benchmarks not named keep the rows they had. Run on a quiet machine.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DOCUMENT = HERE.parents[1] / "docs" / "performance.md"
KEPT = HERE.parents[1] / "docs" / "performance.json"
NAMES = (
    "startup",
    "map_engine",
    "map_pan",
    "map_peers",
    "scene_peers",
    "video_peers",
    "hub",
    "ingest",
    "dispatch_peers",
    "datums",
)


def main() -> int:
    """Measure, then write; 1 when a benchmark could not measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=NAMES, metavar="NAME")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    kept: dict[str, Any] = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    failed = [name for name in arguments.names if not measure(name, arguments.quick, kept)]
    KEPT.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
    DOCUMENT.write_text(document(kept), "utf-8")
    return 1 if failed else 0


def measure(name: str, quick: bool, kept: dict[str, Any]) -> bool:
    """Run one benchmark and keep its result."""
    print(f"{name} …", flush=True)
    command = [sys.executable, str(HERE / f"{name}.py"), *(["--quick"] if quick else [])]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        sys.stderr.write(f"{name} could not measure: {run.stderr.strip()[-500:]}\n")
        return False
    kept[name] = json.loads(run.stdout.strip().splitlines()[-1]) | {
        "day": date.today().isoformat(),
        "quick": quick,
    }
    return True


def document(kept: dict[str, Any]) -> str:
    """The page."""
    parts = [
        "# Measured performance\n\n"
        "Written by `tests/benchmarks/report.py` from what the benchmarks printed; not edited by hand.\n"
        "Ours and the peer did the same work in one run. A figure is of the machine and day that it names.\n"
    ]
    for name in sorted(kept):
        result = kept[name]
        kind = "quick run" if result["quick"] else "full run"
        parts.append(f"\n## {name}\n\n{machine(result['machine'])}; {result['day']}, {kind}.\n")
        parts.append(
            "\n| claim | ours | peer | unit | ratio | aim | holds |\n|---|---|---|---|---|---|---|\n"
        )
        parts += [row(claim) for claim in result["claims"]]
    return "".join(parts)


def row(claim: dict[str, Any]) -> str:
    """One claim as a table row."""
    cells = [claim["claim"], number(claim["ours"]), number(claim["peer"]), claim["unit"]]
    cells += [number(claim["ratio"]), str(claim["aim"]), "yes" if claim["holds"] else "no"]
    return "| " + " | ".join(str(cell) for cell in cells) + " |\n"


def number(value: Any) -> str:
    """Three significant digits."""
    return (
        f"{value:,.3g}"
        if isinstance(value, float | int) and not isinstance(value, bool)
        else str(value or "–")
    )


def machine(value: Any) -> str:
    """The machine in words."""
    return ", ".join(f"{key} {value[key]}" for key in value) if isinstance(value, dict) else str(value)


if __name__ == "__main__":
    sys.exit(main())
