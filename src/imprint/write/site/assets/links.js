// A paragraph is one stop for Tab, however many links stand in it: the first of them, or the last that had
// the focus. The arrow keys go on from link to link, through all of the text. Without this script each
// link is a stop.
(() => {
  "use strict";
  const TEXT = "article :is(p, li, dt, dd, tr, figcaption, .csl-entry, .callout-title) :is(a[href], abbr[role], .term[role])";
  const OWN = ".facts, .panel, .figure-data, nav";
  let links = [];

  const paragraphOf = (link) => link.closest("tr, p, li, dt, dd, figcaption, .csl-entry, .callout-title");

  function takeTurns(link) {
    for (const other of links) {
      if (paragraphOf(other) === paragraphOf(link)) other.tabIndex = other === link ? 0 : -1;
    }
  }

  function gather() {
    links = [...document.querySelectorAll(TEXT)].filter((link) => !link.closest(OWN));
    const first = new Map();
    for (const link of links) {
      const paragraph = paragraphOf(link);
      const stop = first.get(paragraph);
      if (!stop || (stop.matches(".permalink") && !link.matches(".permalink"))) first.set(paragraph, link);
    }
    const anyLink = links.some((link) => !link.matches(".permalink"));
    for (const link of links) {
      // a paragraph's own link is reached with the arrows, unless there is no other link in the text
      const isStop = first.get(paragraphOf(link)) === link && !(anyLink && link.matches(".permalink"));
      link.tabIndex = isStop ? 0 : -1;
    }
  }

  function move(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const at = links.indexOf(event.target);
    if (!step || at < 0 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const next = links.slice(step > 0 ? at + 1 : 0, step > 0 ? undefined : at);
    const shown = (step > 0 ? next : next.reverse()).find((link) => link.checkVisibility());
    if (!shown) return;
    event.preventDefault();
    shown.focus();
  }

  document.addEventListener("DOMContentLoaded", () => {
    gather();
    document.addEventListener("focusin", ({ target }) => { if (links.includes(target)) takeTurns(target); });
    document.addEventListener("keydown", move);
    document.addEventListener("imprint:changed", gather);
  });
})();
