// Numbers open a panel with their row; the page of statistics can be filtered. Without this script
// a number is a link to its row, and all rows are shown. The panel is panel.js's.
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
    fact("Worked out as", row.derived);
    fact("Note", row.note);
    const more = element("p", "", link("Row and all its uses", new URL(`#stat-${id}`, number.href)));
    return [element("p", row.measure), facts, more];
  }

  function openPanels() {
    imprintPanel.attach(document.querySelectorAll("a.stat, a.claim"), (number) => {
      const rows = JSON.parse(document.getElementById("panels")?.textContent ?? "{}");
      const ids = number.dataset.stat.split(" ").filter((id) => rows[id]);
      if (!ids.length) return null;
      const heading = element("p", number.textContent);
      heading.className = "value";
      return {
        label: `About the number: ${number.textContent}`,
        content: [heading, ...ids.flatMap((id) => rowOf(id, rows[id], number))],
      };
    });
  }

  // ---- filters ----

  function filterRows() {
    const form = document.querySelector("form.filters");
    if (!form) return;
    const { theme, source } = form.elements;
    const show = () => {
      const rows = [...document.querySelectorAll(".register article.row")];
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
    document.addEventListener("imprint:changed", show);
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
  document.addEventListener("imprint:changed", openPanels);
})();
