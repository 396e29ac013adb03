"""Archives that somebody else made."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest

from imprint.core.files import ArchiveError, opened_archive


def test_a_damaged_archive_is_read_or_refused() -> None:
    """Whichever of its bytes are others: headers, compressed text, names, methods."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"parts/{number}.xml", f"<a>{number}</a>" * 200)
    refused = 0
    for seed in range(2_000):
        chance, content = random.Random(seed), bytearray(whole.getvalue())
        for _ in range(chance.choice((1, 3, 20))):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            with opened_archive(io.BytesIO(content)) as archive:
                for part in archive.infolist():
                    archive.read(part)
        except ArchiveError:
            refused += 1
    assert 500 < refused < 2_000


def test_no_archive_is_told_apart_from_a_damaged_one(tmp_path: Path) -> None:
    """So that a message can say which."""
    with pytest.raises(FileNotFoundError), opened_archive(tmp_path / "none.zip"):
        pass
    (tmp_path / "text.zip").write_text("Hello")
    with pytest.raises(ArchiveError), opened_archive(tmp_path / "text.zip"):
        pass
