// The one panel of a page: a small dialog beside the link that opened it. It takes the focus when
// it was asked for (click, tap, Enter) and leaves it where it is when it only shows (focus).
globalThis.imprintPanel = (() => {
  "use strict";
  let panel = null;
  let opener = null;
  let returning = false;

  function close(returns = false) {
    if (!opener) return;
    const closed = opener;
    opener = null;
    panel.hidden = true;
    closed.setAttribute("aria-expanded", "false");
    if (!returns) return;
    returning = true;
    closed.focus();
    returning = false;
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

  // the panel stands at the page's end, but is read where its link is
  function keys(event) {
    if (!opener) return;
    if (event.key === "Escape") close(panel.contains(document.activeElement));
    if (event.key !== "Tab" || !panel.contains(document.activeElement)) return;
    const stops = [...panel.querySelectorAll("a, button")];
    const at = document.activeElement;
    if (event.shiftKey ? at === panel || at === stops[0] : at === stops.at(-1)) {
      if (event.shiftKey) event.preventDefault();
      close(true);
    }
  }

  function make() {
    panel = document.createElement("div");
    panel.className = "panel";
    panel.tabIndex = -1;
    panel.hidden = true;
    panel.setAttribute("role", "dialog");
    document.body.append(panel);
    document.addEventListener("keydown", keys);
    document.addEventListener("click", (event) => {
      if (opener && !panel.contains(event.target) && !opener.contains(event.target)) close();
    });
    panel.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !panel.contains(event.relatedTarget)) close();
    });
    window.addEventListener("resize", () => { if (opener) place(); });
  }

  // Show `content` (nodes) beside `link`; `label` names the panel for screen readers.
  function open(link, label, content, takesFocus) {
    if (!panel) make();
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
    if (takesFocus) panel.focus({ preventScroll: true });
  }

  // Links that `describe` gives a label and content for open the panel: on click, tap and Enter,
  // and, without taking the focus, when the keyboard comes to them.
  function attach(links, describe) {
    for (const link of links) {
      link.setAttribute("aria-haspopup", "dialog");
      link.setAttribute("aria-expanded", "false");
      const show = (takesFocus) => {
        const found = describe(link);
        if (found) open(link, found.label, found.content, takesFocus);
        return Boolean(found);
      };
      link.addEventListener("click", (event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        const isOpen = opener === link && panel.contains(document.activeElement);
        if (isOpen || show(true)) event.preventDefault();
        if (isOpen) close(true);
      });
      link.addEventListener("focus", () => {
        if (!returning && link.matches(":focus-visible")) show(false);
      });
      link.addEventListener("blur", (event) => {
        if (opener === link && !panel.contains(event.relatedTarget)) close();
      });
    }
  }

  return { attach, close };
})();
