"""The language server: what editors ask of an open report, over stdin and stdout.

Its lines and columns count from 0, columns in the units that the editor counts in (UTF-16, mostly);
ours count characters.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from imprint.core.problems import Place, Problem, ReportError
from imprint.core.root import find_root
from imprint.core.scratch import scratch_folder
from imprint.editor.cursor import named_at, wanted_at
from imprint.editor.diagnostics import marked, replacements
from imprint.editor.names import Kind, Name
from imprint.editor.project import OpenReport
from imprint.read.packaged import VERSION

_ICONS: dict[Kind, lsp.CompletionItemKind] = {
    "statistic": lsp.CompletionItemKind.Value,
    "work": lsp.CompletionItemKind.Reference,
    "label": lsp.CompletionItemKind.Reference,
    "figure": lsp.CompletionItemKind.File,
    "table": lsp.CompletionItemKind.File,
}
_SECONDS_FOR_NAMES = 20
_CHANGED = (
    lsp.DidOpenTextDocumentParams | lsp.DidChangeTextDocumentParams
    | lsp.DidSaveTextDocumentParams | lsp.DidCloseTextDocumentParams
)  # fmt: skip


class ReportServer(LanguageServer):
    """Reports that are open in an editor, and what it has been told of them."""

    def __init__(self) -> None:
        super().__init__("imprint", VERSION, text_document_sync_kind=lsp.TextDocumentSyncKind.Full)
        self.reports: dict[Path, OpenReport] = {}
        self.marks: dict[str, list[tuple[lsp.Diagnostic, tuple[str, ...]]]] = {}
        """What is marked in each document, by URI, with what may stand there instead."""
        self.reader = ThreadPoolExecutor(1)
        self.folders = ExitStack()

    # --- documents -----------------------------------------------------------------------------

    def found(self, uri: str) -> tuple[OpenReport, str] | None:
        """The report that a document belongs to, and its path from the root; None for what is in
        none or is no file."""
        named = to_fs_path(uri)
        if not named or not uri.startswith("file:"):
            return None
        path = Path(named)
        try:
            root = find_root(path.parent)
            file = (path.parent.resolve() / path.name).relative_to(root).as_posix()
        except (ReportError, OSError, ValueError):
            return None
        if root not in self.reports:
            copy = self.folders.enter_context(scratch_folder()).resolve() / "report"
            self.reports[root] = OpenReport(root, copy, self.publish)
        return self.reports[root], file

    def text(self, uri: str) -> str:
        """A document's text as the editor has it, with our ends of lines."""
        source = self.workspace.get_text_document(uri).source
        return source.replace("\r\n", "\n").replace("\r", "\n")

    def changed(self, uri: str, *, is_open: bool = True) -> None:
        """Look at a document's report again."""
        if found := self.found(uri):
            report, file = found
            report.texts.pop(file, None)
            if is_open and not file.endswith(".ipynb"):
                report.texts[file] = self.text(uri)
            report.look(self.reader)

    def close(self) -> None:
        """Let everything go."""
        for report in self.reports.values():
            report.stop()
        self.reader.shutdown(wait=True, cancel_futures=True)
        self.folders.close()

    # --- problems ------------------------------------------------------------------------------

    def publish(self, report: OpenReport) -> None:
        """Tell the editor what is wrong with a report, and what no longer is."""
        told = {
            from_fs_path(str(report.root / file)) or "": self._marks(problems, report.text(file))
            for file, problems in report.problems().items()
        }
        prefix = (from_fs_path(str(report.root)) or "") + "/"
        gone: dict[str, list[tuple[lsp.Diagnostic, tuple[str, ...]]]] = {
            uri: [] for uri in self.marks if uri.startswith(prefix)
        }
        for uri, marks in {**gone, **told}.items():
            if marks != self.marks.get(uri, []):
                self.marks[uri] = marks
                listed = [mark for mark, _ in marks]
                self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, listed))

    def _marks(
        self, problems: list[Problem], text: str
    ) -> list[tuple[lsp.Diagnostic, tuple[str, ...]]]:
        lines = text.split("\n")
        return [
            (self._diagnostic(found, lines), replacements(found, lines))
            for found in problems
            if not found.place.cell
        ]

    def _diagnostic(self, found: Problem, lines: list[str]) -> lsp.Diagnostic:
        line, start, end = marked(found, lines)
        error, warning = lsp.DiagnosticSeverity.Error, lsp.DiagnosticSeverity.Warning
        return lsp.Diagnostic(
            self.range(lines[line], line, start, end),
            f"{found.message}\nfix: {found.fix}" if found.fix else found.message,
            severity=error if found.severity == "error" else warning,
            code=found.code,
            source="imprint",
        )

    # --- places --------------------------------------------------------------------------------

    def range(self, text: str, line: int, start: int, end: int) -> lsp.Range:
        """Characters of a line, as the editor counts them."""
        units = self.workspace.position_codec.client_num_units
        return lsp.Range(
            lsp.Position(line, units(text[:start])), lsp.Position(line, units(text[:end]))
        )

    def offset(self, text: str, position: lsp.Position) -> int:
        """Where a place of the editor's is in a text."""
        lines = text.split("\n")
        line = min(position.line, len(lines) - 1)
        codec = self.workspace.position_codec
        at = codec.position_from_client_units(lines, lsp.Position(line, position.character))
        return sum(len(it) + 1 for it in lines[:line]) + min(at.character, len(lines[line]))

    def location(self, report: OpenReport, place: Place) -> lsp.Location:
        """A place in a report's files."""
        lines = report.text(place.file).split("\n")
        line = min(max(place.line, 1), len(lines)) - 1
        column = max(place.column, 1) - 1
        uri = from_fs_path(str(report.root / place.file)) or ""
        return lsp.Location(uri, self.range(lines[line], line, column, column))

    async def name_at(
        self, uri: str, position: lsp.Position
    ) -> tuple[OpenReport, Name, lsp.Range] | None:
        """What the words at a place of a document name, and where they stand."""
        found = self.found(uri)
        if not found:
            return None
        report, file = found
        await read(report)
        text = self.text(uri)
        named = named_at(text, self.offset(text, position), file)
        name = report.names.find(named[0], *named[2]) if named else None
        if not named or not name:
            return None
        start = named[1] - text.rfind("\n", 0, named[1]) - 1
        line = text.split("\n")[position.line]
        return report, name, self.range(line, position.line, start, start + len(named[0]))


async def read(report: OpenReport) -> None:
    """Wait until the report has been read once, but not for long."""
    try:
        await asyncio.wait_for(report.is_read.wait(), _SECONDS_FOR_NAMES)
    except TimeoutError:
        return


def report_server() -> ReportServer:
    """A server that answers what an editor asks; `start_io` starts it."""
    server = ReportServer()

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def changed(asked: _CHANGED) -> None:
        server.changed(asked.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(asked: lsp.DidCloseTextDocumentParams) -> None:
        server.changed(asked.text_document.uri, is_open=False)

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(asked: lsp.DidChangeWatchedFilesParams) -> None:
        reports = {id(it[0]): it[0] for change in asked.changes if (it := server.found(change.uri))}
        for report in reports.values():
            report.look(server.reader)

    @server.feature(
        lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=["@", '"', "'", "#"])
    )
    async def complete(asked: lsp.CompletionParams) -> list[lsp.CompletionItem]:
        return await _completions(server, asked)

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def hover(asked: lsp.HoverParams) -> lsp.Hover | None:
        found = await server.name_at(asked.text_document.uri, asked.position)
        if not found or not found[1].shown:
            return None
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, found[1].shown), found[2])

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    async def define(asked: lsp.DefinitionParams) -> lsp.Location | None:
        found = await server.name_at(asked.text_document.uri, asked.position)
        return server.location(found[0], found[1].place) if found else None

    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions([lsp.CodeActionKind.QuickFix])
    )
    def act(asked: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        uri, here = asked.text_document.uri, asked.range
        return [
            _action(uri, mark, instead)
            for mark, offered in server.marks.get(uri, [])
            if mark.range.start <= here.end and here.start <= mark.range.end
            for instead in offered
        ]

    return server


async def _completions(
    server: ReportServer, asked: lsp.CompletionParams
) -> list[lsp.CompletionItem]:
    uri, position = asked.text_document.uri, asked.position
    found = server.found(uri)
    if not found:
        return []
    report, file = found
    await read(report)
    text = server.text(uri)
    offset = server.offset(text, position)
    wanted = wanted_at(text, offset, file)
    if not wanted:
        return []
    line = text.split("\n")[position.line]
    column = offset - text.rfind("\n", 0, offset) - 1
    typed = server.range(line, position.line, column - len(wanted.typed), column)
    words = [
        lsp.CompletionItem(
            it, kind=lsp.CompletionItemKind.Keyword, text_edit=lsp.TextEdit(typed, it)
        )
        for it in wanted.words
    ]
    return words + [
        lsp.CompletionItem(
            name.name,
            kind=_ICONS[name.kind],
            detail=name.said,
            documentation=lsp.MarkupContent(lsp.MarkupKind.Markdown, name.shown),
            text_edit=lsp.TextEdit(typed, name.name),
        )
        for name in report.names.of(*wanted.kinds)
    ]


def _action(uri: str, mark: lsp.Diagnostic, instead: str) -> lsp.CodeAction:
    edit = lsp.WorkspaceEdit({uri: [lsp.TextEdit(mark.range, instead)]})
    title = f"write {instead}" if instead else "delete it"
    return lsp.CodeAction(title, lsp.CodeActionKind.QuickFix, [mark], edit=edit)
