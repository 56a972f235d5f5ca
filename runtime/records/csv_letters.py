"""Tables in the letters that spreadsheets write, as UTF-8.

file = utf8(file)            UTF-16 and Windows-1252 become a ``Recoded``, which has its encoding
"""

import codecs
import io
import re
from typing import BinaryIO


class Recoded(io.BytesIO):
    """A table that was written in another ``encoding``, as UTF-8."""

    def __init__(self, data: bytes, encoding: str) -> None:
        super().__init__(data.decode(encoding).removeprefix("\ufeff").encode())
        self.encoding = encoding


def utf8(file: BinaryIO) -> BinaryIO:
    """Return a table as UTF-8; one that is in nothing that Excel writes stays as it is.

    Excel writes "Unicode text" as UTF-16 and plain CSV in the code page of the machine; of those
    only Windows-1252 is tried, and only for bytes that no UTF-8 has.
    """
    data = file.read()
    file.seek(0)
    encoding = _encoding(data)
    if encoding == "UTF-8":
        return file
    file.close()
    return Recoded(data, encoding)


def _encoding(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "UTF-16" if _is(data, "UTF-16") else "UTF-8"
    if _is(data, "UTF-8"):
        return "UTF-8"
    # A control character or an unassigned byte is in no table that Excel wrote.
    printable = not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x81\x8d\x8f\x90\x9d]", data)
    return "Windows-1252" if printable else "UTF-8"


def _is(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
