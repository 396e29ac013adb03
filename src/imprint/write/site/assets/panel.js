// The one panel of a page: a small dialog beside the link that opened it, on click, tap or Enter. It takes
// the focus and gives it back.
globalThis.imprintPanel = (() => {
  "use strict";
  let panel = null;
  let opener = null;
  const described = new WeakMap();

  function close(returns = false) {
    if (!opener) return;
    const closed = opener;
    opener = null;
    panel.hidden = true;
    closed.setAttribute("aria-expanded", "false");
    if (returns) closed.focus();
  }

  function place() {
    const lines = [...opener.getClientRects()];
    const room = document.documentElement;
    const below = lines.at(-1).bottom + 8;
    const above = lines[0].top - 8 - panel.offsetHeight;
    const top = below + panel.offsetHeight > room.clientHeight && above > 0 ? above : below;
    const left = Math.min(lines.at(-1).left, room.clientWidth - panel.offsetWidth - 12);
    panel.style.top = `${top + window.scrollY}px`;
    panel.style.left = `${Math.max(12, left) + window.scrollX}px`;
  }

  function keys(event) {
    const at = document.activeElement;
    if (described.has(at) && at.localName !== "a" && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      at.click();
      return;
    }
    if (!opener) return;
    const isInside = panel.contains(at);
    if (event.key === "Escape") close(isInside);
    if (event.key !== "Tab" || !isInside) return;
    // the panel stands at the page's end, but is read where its link is
    const stops = [...panel.querySelectorAll("a, button")];
    if (event.shiftKey ? at === panel || at === stops[0] : at === stops.at(-1)) {
      if (event.shiftKey) event.preventDefault();
      close(true);
    }
  }

  function make() {
    panel = document.createElement("div");
    panel.className = "panel";
    panel.id = "panel";
    panel.tabIndex = -1;
    panel.hidden = true;
    panel.setAttribute("role", "dialog");
    document.body.append(panel);
    panel.addEventListener("focusout", (event) => {
      const next = event.relatedTarget;
      if (next && next !== opener && !panel.contains(next)) close();
    });
    window.addEventListener("resize", () => { if (opener) place(); });
  }

  // Show `content` (nodes) beside `link`; `label` names the panel for screen readers.
  function open(link, label, content) {
    if (opener !== link) close();
    opener = link;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Close";
    button.addEventListener("click", () => close(true));
    panel.setAttribute("aria-label", label);
    panel.replaceChildren(...content, button);
    panel.hidden = false;
    link.setAttribute("aria-expanded", "true");
    place();
    panel.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
  }

  function show(link) {
    const found = described.get(link)(link);
    if (found) open(link, found.label, found.content);
    return Boolean(found);
  }

  function clicked(event) {
    const link = event.target.closest("a, abbr, .term");
    if (described.has(link)) {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      if (opener === link) {
        event.preventDefault();
        close(true);
      } else if (show(link)) event.preventDefault();
    } else if (opener && !panel.contains(event.target)) close();
  }

  // Links that `describe` gives a label and content for open the panel.
  function attach(links, describe) {
    if (!panel) {
      make();
      document.addEventListener("keydown", keys);
      document.addEventListener("click", clicked);
      document.addEventListener("focusout", ({ target, relatedTarget }) => {
        if (target === opener && !panel.contains(relatedTarget)) close();
      });
      // an edit, in the preview, may have taken the link away
      document.addEventListener("imprint:changed", () => { if (opener && !opener.isConnected) close(); });
    }
    for (const link of links) {
      if (described.has(link)) continue;
      described.set(link, describe);
      link.setAttribute("aria-haspopup", "dialog");
      link.setAttribute("aria-expanded", "false");
    }
  }

  return { attach, close };
})();
