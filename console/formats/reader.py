"""The process that reads a file of the user's: ``python -m console.formats.reader``.

One request (``ReadFile``) comes as a line on standard input; lines of ``Reading`` go out,
and ``Read`` or ``Refused`` at last. It ends with its parent, and before it takes more
memory or processor time than it was given: whatever is in the file, the console goes on.
"""

from __future__ import annotations

import sys
from pathlib import Path

from console.formats import cache
from console.formats.hardening import harden
from console.formats.messages import Answer, Read, ReadFile, Reading, Refused, decode_request, encode
from console.formats.refusal import FileRefused, refused
from console.model.sources import FileLayers
from console.processes import end_with_parent


def main() -> None:
    """Read one file and say how it went."""
    end_with_parent()
    request = decode_request(sys.stdin.buffer.readline())
    _limit(request)
    _say(answer(request))


def answer(request: ReadFile) -> Read | Refused:
    """What the last line says; reading goes on in this process."""
    path = Path(request.path)
    try:
        return Read(_read(path, request))
    except FileRefused as error:
        return Refused(error.trouble)
    except MemoryError:
        return Refused(
            refused(
                f"{path.name} 过大，内存不足以打开", f"{path.name} is too large to be opened in memory"
            ).trouble
        )
    except OSError as error:
        text = error.strerror or str(error)
        return Refused(refused(f"无法读取 {path.name}:{text}", f"{path.name} cannot be read: {text}").trouble)


def _read(path: Path, request: ReadFile) -> FileLayers:
    """The heavy libraries are loaded here, within the limits."""
    harden()
    from console.formats.reading import read_file
    from console.geodata.outcome import Watch

    key = cache.key_of(path, request.options)
    draft = cache.Draft(Path(request.cache), key)
    try:
        watch = Watch(lambda done, text: _say(Reading(done, text)), lambda: False)
        layers = read_file(path, request.options, draft, key, watch)
        draft.keep(layers)
        return layers
    finally:
        draft.drop()


def _limit(request: ReadFile) -> None:
    """Bounds that hold for libraries in C, too; Windows has none, there the user may cancel."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (request.memory, request.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (request.seconds, request.seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _say(answer: Answer) -> None:
    sys.stdout.buffer.write(encode(answer))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
