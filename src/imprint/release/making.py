"""A commit -> the files of its bundle: checked out, built from nothing, gathered."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from imprint.build.examine import Examined, check_examined
from imprint.build.pipeline import render
from imprint.build.plan import Request
from imprint.build.revisions import (
    clean_checkout,
    commit_of,
    is_tag_of_another,
    revision_folder,
    tag_before,
)
from imprint.build.versions import built_version
from imprint.check import Checked
from imprint.core.commit import iso_time, whole_revision
from imprint.core.events import Tell
from imprint.core.problems import ReportError, problem
from imprint.core.root import PROJECT_FILE
from imprint.difference.as_text import text_lines
from imprint.difference.comparison import compare
from imprint.read.report import Report, of_revision, read_report
from imprint.release.contents import bundle_files
from imprint.release.facts import ReleaseFacts, release_facts


def make_bundle(
    root: Path, name: str, tell: Tell, accept: Callable[[ReleaseFacts], None]
) -> tuple[ReleaseFacts, Mapping[str, bytes]]:
    """The facts and files of the release of a revision; `accept` may refuse it before it is built.

    Raises ReportError for any problem of the report, warnings among them, and for a version that
    has been released from another commit.
    """
    commit, epoch = commit_of(root, name)
    with clean_checkout(root, commit) as folder:
        report, problems = read_report(folder)
        if problems:
            raise ReportError(problems)
        facts = release_facts(report, commit, iso_time(epoch))
        accept(facts)
        if is_tag_of_another(root, f"v{facts.version}", commit):
            message = f"the tag v{facts.version} is another commit: that version has been released"
            fix = "give the report its next version under `imprint: version:`"
            raise ReportError([problem("release-has-version", PROJECT_FILE, 0, message, fix)])
        os.environ["SOURCE_DATE_EPOCH"] = str(epoch)
        printed = of_revision(report, whole_revision(folder))
        render(printed, Request(keeps=False), tell, lambda examined: _sound(report, examined))
        return facts, bundle_files(report, facts, _changes(root, folder, commit, facts))


def _sound(report: Report, examined: Examined) -> Checked:
    """What the checks found, which must be nothing."""
    checked = check_examined(report, (), examined)
    if checked.problems:
        raise ReportError(checked.problems)
    return checked


def _changes(root: Path, folder: Path, commit: str, facts: ReleaseFacts) -> str:
    """What is new since the nearest tag before; empty without one."""
    before = tag_before(root, commit)
    if not before:
        return ""
    with revision_folder(root, before) as earlier:
        told = compare(built_version(before, earlier), built_version(facts.version, folder))
    return "\n".join(text_lines(told)) + "\n"
