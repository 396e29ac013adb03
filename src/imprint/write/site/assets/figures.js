// Figures open large, in a dialog of the browser's own. Without this script they stand in the text.
(() => {
  "use strict";

  function makeDialog() {
    const dialog = document.createElement("dialog");
    const bar = document.createElement("div");
    const title = document.createElement("p");
    const close = document.createElement("button");
    const frame = document.createElement("div");
    const image = document.createElement("img");
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
    frame.append(image);
    dialog.append(bar, frame);
    document.body.append(dialog);
    close.addEventListener("click", () => dialog.close());
    // a click beside the dialog's box is a click on the dialog itself
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
    return { dialog, title, image };
  }

  function enlargeFigures() {
    let made = null;
    const show = (figure) => {
      made ??= makeDialog();
      const source = figure.querySelector("img");
      made.title.textContent = figure.querySelector(".float-number")?.textContent.replace(/:$/, "") ?? "Figure";
      made.image.src = source.src;
      made.image.alt = source.alt;
      made.image.width = source.width;
      made.image.height = source.height;
      made.image.style.setProperty("--ratio", source.width / source.height);
      made.dialog.showModal();
    };
    document.addEventListener("click", ({ target }) => {
      const data = target.closest(".enlarge button")?.closest(".figure-data");
      const figure = data?.previousElementSibling ?? target.closest("figure:has(+ .figure-data) img")?.closest("figure");
      if (figure) show(figure);
    });
  }

  document.addEventListener("DOMContentLoaded", enlargeFigures);
})();
