"""Which encoding the text of a file is in."""

from __future__ import annotations

import codecs
from pathlib import Path

from console.formats.refusal import FileRefused, refused
from console.model.sources import Wanted

_BLOCK = 4 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def encoding_of(path: Path, given: str) -> str:
    """*given* if Python knows it; else UTF-8 if all of the file is, else GB 18030. Raises FileRefused."""
    if given:
        return _known(given)
    with path.open("rb") as file:
        head = file.read(4)
        marked = next((encoding for mark, encoding in _BOMS if head.startswith(mark)), "")
    found = marked or next((e for e in ("utf-8", "gb18030") if _decodes(path, e)), "")
    if found:
        return found
    raise refused(
        f"无法判断 {path.name} 的文字编码，请指定",
        f"The encoding of {path.name} cannot be told: say which it is",
        Wanted.ENCODING,
    )


def _known(encoding: str) -> str:
    try:
        "".encode(encoding)  # not all that codecs.lookup finds is of text
        return codecs.lookup(encoding).name
    except (LookupError, ValueError) as error:
        raise _no_encoding(encoding) from error


def _no_encoding(encoding: str) -> FileRefused:
    return refused(f"没有“{encoding}”这种编码", f'There is no encoding "{encoding}"', Wanted.ENCODING)


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while block := file.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
