// Conveniences only: every page reads without it. Loaded in the head, so that the chosen theme
// stands before the first paint.
(() => {
  "use strict";
  const root = document.documentElement;

  // a page opened as a file may have no storage
  const remember = (name, value) => {
    try { localStorage.setItem(name, value); } catch { /* the choice lasts for this page */ }
  };
  const remembered = (name) => {
    try { return localStorage.getItem(name); } catch { return null; }
  };

  const theme = remembered("theme");
  root.dataset.theme = ["light", "dark"].includes(theme) ? theme : "auto";
  root.classList.add("js");
  // the hint on numbers is for the first time
  root.classList.toggle("knows-numbers", remembered("knows-numbers") === "yes");

  // a page in one file holds its faces, and this script with no address of its own;
  // faces are asked for before the style sheets name them; browsers refuse that to pages opened as files
  const { src, dataset } = document.currentScript ?? { dataset: {} };
  for (const face of location.protocol === "file:" ? [] : dataset.faces?.split(" ") ?? []) {
    const link = document.createElement("link");
    Object.assign(link, { rel: "preload", as: "font", type: "font/woff2", crossOrigin: "anonymous" });
    link.href = new URL(`fonts/${face}.woff2`, src);
    document.head.append(link);
  }

  function chooseTheme() {
    const choice = document.querySelector(".theme select");
    if (!choice) return;
    choice.value = root.dataset.theme;
    choice.addEventListener("change", () => {
      root.dataset.theme = choice.value;
      remember("theme", choice.value);
    });
  }

  function endHint() {
    const hint = document.querySelector(".hint");
    hint?.querySelector("button").addEventListener("click", () => {
      root.classList.add("knows-numbers");
      remember("knows-numbers", "yes");
      document.getElementById("main").focus({ preventScroll: true });
    });
    // whoever has opened one needs no hint on the next page
    document.addEventListener("click", ({ target }) => {
      if (target.closest("a.stat, a.claim")) remember("knows-numbers", "yes");
    });
  }

  function foldContents() {
    const button = document.querySelector(".contents .toggle");
    if (!button) return;
    const nav = button.closest(".contents");
    const fold = (open) => {
      button.setAttribute("aria-expanded", String(open));
      nav.classList.toggle("open", open);
    };
    button.addEventListener("click", () => fold(!nav.classList.contains("open")));
    nav.addEventListener("click", (event) => {
      if (event.target.closest(".onpage a")) fold(false);
    });
    nav.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && nav.classList.contains("open")) {
        fold(false);
        button.focus();
      }
    });
  }

  // the page's own contents show the section that is being read
  function followReader() {
    let links = [];
    let headings = [];
    const find = () => {
      links = [...document.querySelectorAll(".onpage a")];
      headings = [...document.querySelectorAll("article h2, article h3")];
    };
    const show = () => {
      const passed = headings.filter((heading) => heading.getBoundingClientRect().top < 140);
      const reading = passed.at(-1)?.closest("section[id]") ?? passed.at(-1);
      for (const link of links) {
        if (reading && link.hash === `#${reading.id}`) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    };
    let waiting = false;
    document.addEventListener("scroll", () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; show(); });
    }, { passive: true });
    document.addEventListener("imprint:changed", () => { find(); show(); });
    find();
    show();
  }

  // what scrolls sideways must be reachable from the keyboard
  function reachScrollers() {
    const mark = () => {
      for (const box of document.querySelectorAll(".quarto-float-tbl, .figure-data .rows, pre")) {
        if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
        else box.removeAttribute("tabindex");
      }
    };
    mark();
    window.addEventListener("resize", mark);
    document.addEventListener("imprint:changed", mark);
    // data that open take their room only then; this event does not bubble
    document.addEventListener("toggle", mark, true);
  }

  document.addEventListener("DOMContentLoaded", () => {
    chooseTheme();
    endHint();
    foldContents();
    followReader();
    reachScrollers();
  });
})();
