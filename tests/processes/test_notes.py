"""Notes of workers: the last one of each, and never half of one."""

import multiprocessing
import threading

import pool_jobs

from invitelab.adapters.transports.process import wait_for
from invitelab.processes.notes import HEAD, Notes
from invitelab.processes.pool import WorkerPool

PATIENCE_S = 20.0
MOST = 4096


def blank(size: int = 2) -> Notes:
    """Give places for some workers."""
    return Notes.blank(multiprocessing.get_context("spawn"), size, MOST)


def test_each_place_keeps_its_last_note() -> None:
    """Of whatever length fits."""
    notes = blank()
    assert (None, None) == (notes.read(0), notes.read(1))
    for data in (b"a" * MOST, b"b", b"\0" * 7):
        notes.write(1, data)
        assert (None, data) == (notes.read(0), notes.read(1))


def test_a_note_that_is_not_whole_is_not_read() -> None:
    """As when a worker has died while it wrote."""
    notes = blank()
    notes.write(0, b"first note")
    memoryview(notes.memory).cast("B")[HEAD.size + 2] ^= 1
    assert notes.read(0) is None
    memoryview(notes.memory).cast("B")[: HEAD.size] = HEAD.pack(2**60, 5)
    assert notes.read(0) is None
    notes.write(0, b"next")
    assert b"next" == notes.read(0)


def test_whoever_reads_while_others_write_sees_whole_notes() -> None:
    """Each is of one letter, as long as it says."""
    notes, over = blank(1), threading.Event()

    def write() -> None:
        letter = 0
        while not over.is_set():
            letter = (letter + 1) % 256
            notes.write(0, bytes([letter]) * (1 + letter * 16 % MOST))

    writer = threading.Thread(target=write)
    writer.start()
    seen: set[bytes] = set()

    def many() -> bool:
        """Read for a while; the writer may not have had its turn."""
        found = (notes.read(0) for _ in range(20_000))
        seen.update(note for note in found if note is not None)
        return len(seen) > 1

    try:
        assert wait_for(many, PATIENCE_S)
    finally:
        over.set()
        writer.join()
    assert all(1 == len(set(note)) for note in seen)


def test_the_pool_reads_what_its_workers_note() -> None:
    """While their jobs run, and after."""
    with WorkerPool(2, work="the test", note_bytes=MOST) as pool:
        future = pool.submit(pool_jobs.note, b"half-way")
        assert wait_for(lambda: [b"half-way"] == pool.notes(), PATIENCE_S)
        assert future.result()


def test_a_pool_without_room_takes_no_notes() -> None:
    """Its jobs can ask."""
    with WorkerPool(1, work="the test") as pool:
        assert not pool.submit(pool_jobs.note, b"x").result()
        assert [] == pool.notes()
