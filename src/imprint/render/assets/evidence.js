// Numbers open a panel with their row; the page of statistics can be filtered. Without this script
// a number is a link to its row, and all rows are shown.
(() => {
  "use strict";

  const element = (name, text, ...children) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    made.append(...children);
    return made;
  };

  const link = (text, href) => {
    const made = element("a", text);
    made.href = href;
    return made;
  };

  // ---- panels ----

  function rowOf(id, row, number) {
    const facts = element("dl");
    const fact = (name, ...values) => {
      if (values[0]) facts.append(element("div", "", element("dt", name), element("dd", "", ...values)));
    };
    fact("Base", row.base);
    fact("As reported", row.reported && `‘${row.reported}’`);
    if (row.source) {
      const source = link(row.source, new URL(`sources.html#source-${row.key}`, number.href));
      fact("Source", source, row.page ? `, ${row.page}` : "");
    }
    fact("Note", row.note);
    const more = element("p", "", link("Row and all its uses", new URL(`#stat-${id}`, number.href)));
    return [element("p", row.measure), facts, more];
  }

  function openPanels() {
    const rows = JSON.parse(document.getElementById("panels").textContent);
    const panel = element("div");
    let number = null;
    panel.className = "panel";
    panel.id = "panel";
    panel.tabIndex = -1;
    panel.hidden = true;
    panel.setAttribute("role", "dialog");
    document.body.append(panel);

    const close = (returns) => {
      if (!number) return;
      const opened = number;
      number = null;
      panel.hidden = true;
      opened.setAttribute("aria-expanded", "false");
      if (returns) opened.focus();
    };

    const place = () => {
      const lines = [...number.getClientRects()];
      const first = lines[0], last = lines.at(-1), room = document.documentElement;
      const below = last.bottom + 8, above = first.top - 8 - panel.offsetHeight;
      const top = below + panel.offsetHeight > room.clientHeight && above > 0 ? above : below;
      const left = Math.min(last.left, room.clientWidth - panel.offsetWidth - 12);
      panel.style.top = `${top + window.scrollY}px`;
      panel.style.left = `${Math.max(12, left) + window.scrollX}px`;
    };

    const open = (chosen, ids) => {
      close(false);
      number = chosen;
      const button = element("button", "Close");
      button.type = "button";
      button.addEventListener("click", () => close(true));
      const heading = element("p", chosen.textContent);
      heading.className = "value";
      panel.setAttribute("aria-label", `About the number: ${chosen.textContent}`);
      panel.replaceChildren(heading, ...ids.flatMap((id) => rowOf(id, rows[id], chosen)), button);
      panel.hidden = false;
      chosen.setAttribute("aria-expanded", "true");
      place();
      panel.focus({ preventScroll: true });
      panel.scrollIntoView({ block: "nearest" });
    };

    for (const found of document.querySelectorAll("a.stat, a.claim")) {
      found.setAttribute("aria-haspopup", "dialog");
      found.setAttribute("aria-expanded", "false");
    }

    document.addEventListener("click", (event) => {
      const chosen = event.target.closest("a.stat, a.claim");
      const plain = !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
      const ids = chosen ? chosen.dataset.stat.split(" ").filter((id) => rows[id]) : [];
      if (chosen && plain && ids.length) {
        event.preventDefault();
        if (chosen === number) close(true);
        else open(chosen, ids);
      } else if (!panel.contains(event.target)) close(false);
    });

    document.addEventListener("keydown", (event) => {
      if (!number) return;
      if (event.key === "Escape") close(true);
      if (event.key !== "Tab") return;
      // the panel stands at the page's end, but is read where its number is
      const stops = [...panel.querySelectorAll("a, button")];
      const at = document.activeElement;
      if (event.shiftKey ? at === panel || at === stops[0] : at === stops.at(-1)) {
        if (event.shiftKey) event.preventDefault();
        close(true);
      }
    });
    panel.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !panel.contains(event.relatedTarget)) close(false);
    });
    window.addEventListener("resize", () => { if (number) place(); });
  }

  // ---- filters ----

  function filterRows() {
    const form = document.querySelector("form.filters");
    if (!form) return;
    const { theme, source } = form.elements;
    const rows = [...document.querySelectorAll(".register article.row")];
    const show = () => {
      for (const row of rows) {
        const group = row.closest("[data-theme-rows]").dataset.themeRows;
        row.hidden = (theme.value && theme.value !== group)
          || (source.value && source.value !== row.dataset.source);
      }
      for (const group of document.querySelectorAll("[data-theme-rows]")) {
        group.hidden = !group.querySelector("article.row:not([hidden])");
      }
      const count = rows.filter((row) => !row.hidden).length;
      form.querySelector("[role=status]").textContent = `${count} of ${rows.length} rows`;
    };
    // a link to a row that is filtered out shows all again
    const reveal = () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (target?.closest("[hidden]")) {
        form.reset();
        show();
        target.scrollIntoView();
      }
    };
    form.addEventListener("change", show);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(show));
    window.addEventListener("hashchange", reveal);
    form.hidden = false;
    show();
    reveal();
  }

  document.addEventListener("DOMContentLoaded", () => {
    openPanels();
    filterRows();
  });
})();
