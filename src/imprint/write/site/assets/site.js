// Conveniences only: every page reads without it. Loaded in the head, so that the chosen theme
// stands before the first paint.
(() => {
  "use strict";
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  // a page opened as a file may have no storage
  const remember = (theme) => {
    try { localStorage.setItem("theme", theme); } catch { /* the choice lasts for this page */ }
  };
  const remembered = () => {
    try { return localStorage.getItem("theme"); } catch { return null; }
  };

  const isDark = () =>
    root.dataset.theme === "dark" || (root.dataset.theme === "auto" && dark.matches);

  root.dataset.theme = ["light", "dark"].includes(remembered()) ? remembered() : "auto";
  root.classList.add("js");

  function switchTheme() {
    const button = document.querySelector("button.theme");
    if (!button) return;
    const show = () => button.setAttribute("aria-pressed", String(isDark()));
    show();
    dark.addEventListener("change", show);
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      remember(root.dataset.theme);
      show();
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
    switchTheme();
    foldContents();
    followReader();
    reachScrollers();
  });
})();
