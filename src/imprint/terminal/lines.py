"""Events -> plain lines, for files, pipes and CI: scripts and people read the same words."""

from __future__ import annotations

from imprint.core.events import Event, Message


def progress_line(event: Event | Message) -> str:
    """What is said of an event; empty for what needs no line."""
    match event:
        case Message():
            return event.text
        case Event("run", "ends", item) if item:
            return f"executed {item}"
        case Event("quarto", "begins", item) if item:
            return f"quarto renders {item}"
        case Event("compose", "begins", "", publications) if publications:
            return f"composing {publications}"
        case Event("set", "begins", "", _, count) if count:
            return "setting PDFs"
        case Event("write", "begins", "", _, count) if count:
            return "writing pages"
    return ""
