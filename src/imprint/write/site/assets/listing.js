// The lists of statistics and sources can be sorted and filtered; what is chosen stands in the address,
// so that it can be sent and found again. Without this script all rows are shown, in their order.
(() => {
  "use strict";

  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[‘’]/g, "'").replace(/\u00a0/g, " ").toLowerCase();

  function keyOf(row, column) {
    const said = row.dataset[column] ?? row.querySelector(column === "measure" ? "summary" : `.${column}`)?.textContent;
    const number = Number(said);
    return said === "" || Number.isNaN(number) ? folded(said ?? "") : number;
  }

  function compare(one, other) {
    if (typeof one === typeof other) return typeof one === "number" ? one - other : one.localeCompare(other);
    return typeof one === "number" ? -1 : 1;
  }

  function makeListing(form) {
    const fields = form.elements;
    const tables = [...document.querySelectorAll("table.listing")];
    const order = new Map();
    const words = new Map();
    let sorting = "";

    const look = () => {
      for (const table of tables) order.set(table, [...table.tBodies[0].rows]);
      words.clear();
    };

    const sort = () => {
      const column = sorting.replace(/^-/, "");
      for (const [table, rows] of order) {
        const sorted = [...rows];
        if (column) sorted.sort((a, b) => compare(keyOf(a, column), keyOf(b, column)));
        if (sorting.startsWith("-")) sorted.reverse();
        table.tBodies[0].append(...sorted);
        for (const head of table.tHead.rows[0].cells) {
          if (head.dataset.sort !== column) head.removeAttribute("aria-sort");
          else head.setAttribute("aria-sort", sorting.startsWith("-") ? "descending" : "ascending");
        }
      }
    };

    const show = () => {
      const wanted = folded(fields.q.value).split(/\s+/).filter(Boolean);
      for (const row of [...order.values()].flat()) {
        if (!words.has(row)) words.set(row, folded(row.textContent));
        row.hidden = !wanted.every((word) => words.get(row).includes(word))
          || ["theme", "source"].some((name) => fields[name]?.value && fields[name].value !== row.dataset[name]);
      }
      for (const hidden of document.querySelectorAll("details:has(table.listing)")) {
        if (wanted.length && hidden.querySelector("tr.row:not([hidden])")) hidden.open = true;
      }
      const all = order.get(tables[0]).length;
      const shown = order.get(tables[0]).filter((row) => !row.hidden).length;
      form.querySelector("[role=status]").textContent = shown === all ? `${all} rows` : `${shown} of ${all} rows`;
    };

    const read = () => {
      const asked = new URLSearchParams(location.search);
      for (const name of ["q", "theme", "source"]) if (fields[name]) fields[name].value = asked.get(name) ?? "";
      // a name that is not there leaves a list without a choice
      for (const name of ["theme", "source"]) if (fields[name]?.selectedIndex === -1) fields[name].selectedIndex = 0;
      sorting = asked.get("sort") ?? "";
    };

    const keep = () => {
      const chosen = ["q", "theme", "source"].map((name) => [name, fields[name]?.value.trim() ?? ""]);
      const address = new URLSearchParams([...chosen, ["sort", sorting]].filter(([, value]) => value));
      const place = `${address.size ? `?${address}` : location.pathname}${location.hash}`;
      try { history.replaceState(null, "", place); } catch { /* not every page opened as a file may */ }
    };

    for (const head of document.querySelectorAll("th[data-sort]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const column = head.dataset.sort;
        sorting = sorting === column ? `-${column}` : column;
        sort();
        keep();
      });
    }

    // a link to a row opens it, and shows all where it is filtered out
    const reveal = () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      const row = target?.closest("tr.row");
      if (!row) return;
      if (row.hidden) form.reset();
      for (let at = target.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
      row.scrollIntoView();
    };

    const change = () => { show(); keep(); };
    form.addEventListener("input", change);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => { sorting = ""; setTimeout(() => { sort(); change(); }); });
    window.addEventListener("hashchange", reveal);
    document.addEventListener("imprint:changed", () => { look(); show(); });
    look();
    read();
    if (sorting) sort();
    show();
    reveal();
  }

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("form.filters");
    if (form) makeListing(form);
  });
})();
