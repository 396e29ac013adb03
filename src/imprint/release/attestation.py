"""A release -> an in-toto statement with SLSA provenance: what was made, from what, by what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from imprint.release.facts import ReleaseFacts


def statement(
    facts: ReleaseFacts, archive: Mapping[str, str], versions: Mapping[str, str]
) -> dict[str, Any]:
    """`archive` gives the SHA-256 of each file that is attested, `versions` those of the tools."""
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": name, "digest": {"sha256": it}} for name, it in archive.items()],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": "imprint release",
                "externalParameters": {"commit": facts.commit, "version": facts.version},
                "internalParameters": {"tools": dict(versions)},
                "resolvedDependencies": [
                    {"uri": "git+.", "digest": {"gitCommit": facts.commit}, "name": facts.name}
                ],
            },
            "runDetails": {
                "builder": {"id": f"imprint {versions['imprint']}"},
                "metadata": {"invocationId": facts.commit, "startedOn": facts.date},
            },
        },
    }
