"""Notes of workers, in memory that a pool shares with them: the last one of each.

Nobody waits for anybody: a worker that dies while it writes leaves a note that is not
whole, which nobody reads, and no lock.
"""

import struct
import zlib
from ctypes import Array, c_byte
from dataclasses import dataclass
from multiprocessing.context import BaseContext

HEAD = struct.Struct("<QL")
"""The length of a note, 0 for none, and the checksum of its bytes."""


@dataclass(frozen=True, slots=True)
class Notes:
    """A place for each worker, of `most` bytes; with 0 there is no room for notes."""

    memory: "Array[c_byte]"
    most: int

    @classmethod
    def blank(cls, context: BaseContext, size: int, most: int) -> "Notes":
        """Places for `size` workers, all of them empty."""
        return cls(context.RawArray(c_byte, size * (HEAD.size + most)), most)

    def write(self, slot: int, data: bytes) -> None:
        """Put a note in place of the last one."""
        assert len(data) <= self.most, "there is room for every note"
        view, begin = memoryview(self.memory).cast("B"), self._begin(slot)
        body = begin + HEAD.size
        view[body : body + len(data)] = data
        view[begin:body] = HEAD.pack(len(data), zlib.crc32(data))

    def read(self, slot: int) -> bytes | None:
        """The last note; None where there is none, or while one is written."""
        view, begin = memoryview(self.memory).cast("B"), self._begin(slot)
        body = begin + HEAD.size
        length, checksum = HEAD.unpack(view[begin:body])
        data = bytes(view[body : body + min(length, self.most)])
        return data if data and zlib.crc32(data) == checksum else None

    def _begin(self, slot: int) -> int:
        return slot * (HEAD.size + self.most)
