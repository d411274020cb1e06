"""Files that a user names: refused in one sentence before anything is read.

The reader of stored documents has the same bounds, so both are in `documents`.
"""

from invitelab.formats.reading import check_readable, read_bytes, unreadable

__all__ = ["check_readable", "read_bytes", "unreadable"]
