// Numbers open a panel with their row. Without this script a number is a link to its row. The panel is
// panel.js's.
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

  const plain = (text) => text.replace(/\s+/g, " ").trim().toLowerCase();

  function rowOf(id, row, number) {
    const facts = element("dl");
    const fact = (name, ...values) => {
      facts.append(element("div", "", element("dt", name), element("dd", "", ...values)));
    };
    if (plain(row.value) !== plain(number.textContent)) fact("Value", row.value);
    for (const [name, text] of row.facts ?? []) fact(name, text);
    if (row.source) {
      const source = link(row.source, new URL(`sources.html#source-${row.key}`, number.href));
      fact("Source", source, row.page ? `, ${row.page}` : "");
    }
    const more = element("p", "", link("Row and all its uses", new URL(`#stat-${id}`, number.href)));
    return [element("p", row.measure), facts, more];
  }

  function attach() {
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

  document.addEventListener("DOMContentLoaded", attach);
  document.addEventListener("imprint:changed", attach);
})();
