// Figures open large, in a dialog of the browser's own, and their marks say what they show. Without
// this script they stand in the text, and what they show in the table behind them.
(() => {
  "use strict";

  function makeDialog() {
    const dialog = document.createElement("dialog");
    const bar = document.createElement("div");
    const title = document.createElement("p");
    const close = document.createElement("button");
    const frame = document.createElement("div");
    dialog.className = "enlarged";
    dialog.setAttribute("aria-labelledby", "enlarged-title");
    title.id = "enlarged-title";
    close.type = "button";
    close.textContent = "Close";
    close.autofocus = true;
    frame.className = "frame-of-image";
    frame.tabIndex = 0;
    frame.setAttribute("role", "group");
    frame.setAttribute("aria-label", "Figure, scrollable");
    bar.append(title, close);
    dialog.append(bar, frame);
    document.body.append(dialog);
    close.addEventListener("click", () => dialog.close());
    // a click beside the dialog's box is a click on the dialog itself
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
    return { dialog, title, frame };
  }

  // A copy to fill the dialog: the wide drawing, with ids of its own, or the image.
  function enlarged(figure) {
    const source = figure.querySelector(".drawing .wide svg, img");
    const copy = source.cloneNode(true);
    for (const made of copy.querySelectorAll("[id]")) made.id = `enlarged-${made.id}`;
    for (const filled of copy.querySelectorAll('[fill^="url(#"]')) {
      filled.setAttribute("fill", filled.getAttribute("fill").replace("#", "#enlarged-"));
    }
    const [width, height] = [source.getAttribute("width"), source.getAttribute("height")];
    copy.style.setProperty("--ratio", width / height);
    if (source.localName === "img") return copy;
    const drawing = figure.querySelector(".drawing").cloneNode(false);
    drawing.removeAttribute("tabindex");
    drawing.append(copy);
    return drawing;
  }

  function enlargeFigures() {
    let made = null;
    const show = (figure) => {
      made ??= makeDialog();
      made.title.textContent = figure.querySelector(".float-number")?.textContent.replace(/:$/, "") ?? "Figure";
      made.frame.replaceChildren(enlarged(figure));
      made.dialog.showModal();
    };
    document.addEventListener("click", ({ target }) => {
      const data = target.closest(".enlarge button")?.closest(".figure-data");
      const figure = data?.previousElementSibling ?? target.closest("figure:has(+ .figure-data) img")?.closest("figure");
      if (figure) show(figure);
    });
  }

  // Marks of drawings say in words what they show: to a pointer, a finger, and the arrow keys.
  const REACH = 28;

  function makeAnswers() {
    const words = document.createElement("p");
    words.className = "told-words";
    words.setAttribute("aria-live", "polite");
    words.hidden = true;
    let asked = null;

    const marksOf = (drawing) =>
      [...drawing.querySelectorAll(".told")].filter((mark) => mark.getClientRects().length > 0);

    function hide() {
      asked?.classList.remove("is-asked");
      asked = null;
      words.hidden = true;
    }

    function show(drawing, mark) {
      if (mark === asked) return;
      asked?.classList.remove("is-asked");
      asked = mark;
      mark.classList.add("is-asked");
      if (words.parentElement !== drawing) drawing.append(words);
      words.textContent = mark.dataset.told;
      words.hidden = false;
      const [around, box] = [drawing.getBoundingClientRect(), mark.getBoundingClientRect()];
      const middle = box.left - around.left + box.width / 2 - words.offsetWidth / 2;
      const left = Math.max(0, Math.min(middle, around.width - words.offsetWidth));
      const above = box.top - around.top - words.offsetHeight - 6;
      words.style.left = `${left}px`;
      words.style.top = `${above < -around.top ? box.bottom - around.top + 6 : above}px`;
    }

    function nearest(drawing, x, y) {
      let [found, least] = [null, REACH];
      for (const mark of marksOf(drawing)) {
        const box = mark.getBoundingClientRect();
        const away = Math.hypot(
          Math.max(box.left - x, 0, x - box.right),
          Math.max(box.top - y, 0, y - box.bottom),
        );
        if (away < least) [found, least] = [mark, away];
      }
      return found;
    }

    function point({ target, clientX, clientY }) {
      const drawing = target.closest?.(".drawing");
      const mark = drawing && nearest(drawing, clientX, clientY);
      if (mark) show(drawing, mark);
      else if (!asked?.closest(".drawing").matches(":focus")) hide();
    }

    function step(event) {
      const drawing = event.target.closest?.(".drawing");
      const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") hide();
      if (!drawing || !way) return;
      const marks = marksOf(drawing);
      const next = asked ? marks.indexOf(asked) + way : 0;
      if (marks[next]) show(drawing, marks[next]);
      event.preventDefault();
    }

    document.addEventListener("pointermove", point);
    document.addEventListener("pointerdown", point);
    document.addEventListener("keydown", step);
    document.addEventListener("focusin", ({ target }) => {
      if (target.matches(".drawing:focus-visible")) show(target, marksOf(target)[0]);
    });
    document.addEventListener("focusout", ({ target }) => {
      if (target.matches(".drawing")) hide();
    });
  }

  function letAsk() {
    for (const drawing of document.querySelectorAll(".drawing:has(.told)")) drawing.tabIndex = 0;
  }

  document.addEventListener("DOMContentLoaded", () => {
    enlargeFigures();
    makeAnswers();
    letAsk();
  });
  document.addEventListener("imprint:changed", letAsk);
})();
