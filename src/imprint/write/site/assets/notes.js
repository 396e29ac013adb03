// Citations show their work, notes their text, abbreviations and terms their meaning where they stand. Without
// this script the first two are links to the list, and abbreviations and terms show theirs to who points at them.
(() => {
  "use strict";

  // a copy without what may stand only once in a page
  function copyOf(found, without = "") {
    const copy = document.createElement("div");
    copy.append(...[...found.childNodes].map((node) => node.cloneNode(true)));
    for (const link of without ? copy.querySelectorAll(without) : []) link.remove();
    for (const named of copy.querySelectorAll("[id]")) named.removeAttribute("id");
    for (const link of copy.querySelectorAll("[aria-haspopup]")) {
      link.removeAttribute("aria-haspopup");
      link.removeAttribute("aria-expanded");
    }
    return copy;
  }

  function linkTo(text, href) {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = text;
    return link;
  }

  function citation(link) {
    const works = document.getElementById("works");
    const key = decodeURIComponent(link.hash).slice("#ref-".length);
    const found = works?.content.querySelector(`[data-work="${CSS.escape(key)}"]`)
      ?? document.getElementById(`ref-${key}`);
    if (!found) return null;
    const more = document.createElement("p");
    const list = linkTo("In the list of references", link.href);
    more.className = "more";
    more.append(list);
    if (works) more.append(linkTo("Where it is cited", `${works.dataset.sources}#source-${key}`));
    // on the page of the list the link leads to another place of the same page
    list.addEventListener("click", () => imprintPanel.close());
    return { label: `Work cited: ${link.textContent}`, content: [copyOf(found), more] };
  }

  function note(link) {
    const found = document.getElementById(decodeURIComponent(link.hash).slice(1));
    if (!found) return null;
    return { label: `Note ${link.textContent}`, content: [copyOf(found, ".footnote-back")] };
  }

  function abbreviation(short) {
    const meaning = document.createElement("p");
    meaning.textContent = `${short.textContent}: ${short.title}`;
    const kind = short.localName === "abbr" ? "Abbreviation" : "Term";
    return { label: `${kind}: ${short.textContent}`, content: [meaning] };
  }

  function attach() {
    const shorts = document.querySelectorAll("article :is(abbr, .term)[title]");
    for (const short of shorts) short.setAttribute("role", "button");
    imprintPanel.attach(shorts, abbreviation);
    imprintPanel.attach(document.querySelectorAll('.citation a[href*="#ref-"]'), citation);
    imprintPanel.attach(document.querySelectorAll("a.footnote-ref"), note);
  }

  document.addEventListener("DOMContentLoaded", attach);
  document.addEventListener("imprint:changed", attach);
})();
