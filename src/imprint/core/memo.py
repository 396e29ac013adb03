"""Results kept in memory while what they are made from stays the same: files or values.

For processes that repeat work while an author edits; one that does it once gains nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")

State = tuple[int, int, int, int] | None
"""What the system says of a file: its times in nanoseconds, its size and number; None without one.
"""


class FileMemo(Generic[T]):
    """Results by key, valid while the files that each was made from are unchanged."""

    def __init__(self) -> None:
        self._results: dict[Hashable, tuple[T, dict[Path, State]]] = {}
        self._files: dict[Hashable, tuple[Path, ...]] = {}

    def get(
        self,
        key: Hashable,
        make: Callable[[], T],
        files_of: Callable[[T], Iterable[Path] | None],
        expected: Iterable[Path] = (),
    ) -> T:
        """The result for a key, made anew where a file that it was made from has changed.

        `files_of` names these files, or None for a result that is not to be kept. A file that
        changes while the result is made is noticed, for which it must have been looked at before:
        where `expected` are not all the files, the first result is kept from its second making on.
        What `make` raises is passed on.
        """
        result = self._results.get(key)
        if result and result[1] == file_states(result[1]):
            return result[0]
        before = file_states(self._files.get(key, tuple(expected)))
        value = make()
        files = files_of(value)
        self._files[key] = tuple(files or ())
        after = file_states(self._files[key])
        if files and before == after:
            self._results[key] = (value, after)
        else:
            self._results.pop(key, None)
        return value

    def keep_only(self, keys: Iterable[Hashable]) -> None:
        """Forget all others."""
        wanted = set(keys)
        self._results = {key: found for key, found in self._results.items() if key in wanted}
        self._files = {key: found for key, found in self._files.items() if key in wanted}


class ValueMemo(Generic[T]):
    """The last result for each key, for as long as what it was made from is equal."""

    def __init__(self) -> None:
        self._results: dict[Hashable, tuple[object, T]] = {}

    def get(self, key: Hashable, made_from: object, make: Callable[[], T]) -> T:
        """The last result for a key where it was made from the same, else a new one."""
        last = self._results.get(key)
        if last is None or last[0] != made_from:
            last = self._results[key] = (made_from, make())
        return last[1]


def file_states(files: Iterable[Path]) -> dict[Path, State]:
    """What the system says of each file."""
    return {file: _state(file) for file in files}


def _state(file: Path) -> State:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino
