// Finds words in all publications with Pagefind's index, which it loads when the first words are
// asked for.
(() => {
  "use strict";
  const AT_ONCE = 8;
  const SECTIONS = 3;
  const home = new URL("../", document.currentScript.src);
  const AS_FILES = "Search needs a web server: these pages were opened as files. "
    + "Everything else works; to find words, search the PDF.";

  // Pagefind's excerpts mark the words found; nothing else in them becomes an element
  function excerptOf(html) {
    const made = document.createElement("p");
    made.append("… ");
    const parsed = new DOMParser().parseFromString(html, "text/html").body;
    for (const node of parsed.childNodes) {
      if (node.nodeName === "MARK") {
        const mark = document.createElement("mark");
        mark.textContent = node.textContent;
        made.append(mark);
      } else made.append(node.textContent);
    }
    made.append(" …");
    return made;
  }

  function linkTo(text, path) {
    const link = document.createElement("a");
    link.href = new URL(path.replace(/^\//, ""), home);
    link.textContent = text;
    return link;
  }

  function itemOf(page) {
    const item = document.createElement("li");
    const heading = document.createElement("h2");
    const where = document.createElement("p");
    const sections = document.createElement("ul");
    heading.append(linkTo(page.meta.title, page.url));
    where.className = "where";
    where.textContent = page.meta.publication;
    const [whole, inside] = [[], []];
    for (const found of page.sub_results) (found.url.includes("#") ? inside : whole).push(found);
    item.append(heading, where);
    if (!inside.length || whole.length) item.append(excerptOf(page.excerpt));
    for (const found of inside.slice(0, SECTIONS)) {
      const section = document.createElement("li");
      section.append(linkTo(found.title, found.url), excerptOf(found.excerpt));
      sections.append(section);
    }
    if (sections.children.length) item.append(sections);
    return item;
  }

  function search() {
    const form = document.querySelector("form.search");
    const words = form.elements.q;
    const status = document.querySelector(".status");
    const list = document.querySelector(".results");
    const more = document.querySelector("button.more");
    const asked = new URLSearchParams(location.search);
    let index = null;
    let turn = 0;

    const load = async () => {
      index ??= import(new URL("search/pagefind.js", home)).then(async (pagefind) => {
        await pagefind.options({ baseUrl: "/", excerptLength: 28 });
        return pagefind;
      });
      return index;
    };

    const append = (pages) => {
      const first = list.children.length;
      list.append(...pages.slice(first, first + AT_ONCE).map(itemOf));
      more.hidden = list.children.length >= pages.length;
      return list.children[first];
    };

    const find = async () => {
      const mine = ++turn;
      const text = words.value.trim();
      const within = form.elements.in.value;
      const address = new URLSearchParams({ ...(text && { q: text }), ...(within && { in: within }) });
      history.replaceState(null, "", address.size ? `?${address}` : location.pathname);
      if (!text) {
        list.replaceChildren();
        more.hidden = true;
        status.textContent = "";
        return;
      }
      try {
        const pagefind = await load();
        const { results } = await pagefind.search(text);
        const found = await Promise.all(results.map((result) => result.data()));
        if (mine !== turn) return;
        const pages = found.filter((page) => !within || page.meta.publication === within);
        const count = pages.length === 1 ? "1 page" : `${pages.length} pages`;
        list.replaceChildren();
        append(pages);
        status.textContent = pages.length ? `${count} found` : `Nothing found for “${text}”`;
        more.onclick = () => append(pages)?.querySelector("a").focus();
      } catch {
        status.textContent = "The search index could not be loaded. Try again, or search the PDF.";
        index = null;
      }
    };

    if (location.protocol === "file:") {
      status.textContent = AS_FILES;
      for (const field of form.elements) field.disabled = true;
      return;
    }
    let waiting = 0;
    const soon = () => {
      clearTimeout(waiting);
      waiting = setTimeout(find, 200);
    };
    form.addEventListener("input", soon);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(waiting);
      find();
    });
    words.addEventListener("focus", () => load().catch(() => { index = null; }), { once: true });
    words.value = asked.get("q") ?? "";
    const within = form.querySelector(`[name=in][value="${CSS.escape(asked.get("in") ?? "")}"]`);
    if (within) within.checked = true;
    if (words.value) find();
  }

  document.addEventListener("DOMContentLoaded", search);
})();
