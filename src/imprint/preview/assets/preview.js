// Put into every page by `imprint preview`, on its way to the browser. It takes in what an edit has
// changed of the page and nothing else, so that the reader's place, focus and open panels stay, and
// shows how far the preview is and what is wrong.
(() => {
  "use strict";
  const HERE = "/_preview/";
  const MOST_COMPARED = 1e6;
  const { session, edition } = document.currentScript.dataset;
  let shown = document.currentScript.dataset.page;
  let served = null;
  let head = "";
  let loaded = null;
  let turn = Promise.resolve();

  // The page as it was served, before any script changed it: what a new one is compared with.
  document.addEventListener("readystatechange", () => {
    if (document.readyState !== "interactive") return;
    served = document.body.cloneNode(true);
    head = headOf(document);
  });

  // ---- taking in a new page ----

  const isSame = (one, other) => one.isEqualNode(other);

  function takeAttributes(live, was, now) {
    for (const { name } of was.attributes) if (!now.hasAttribute(name)) live.removeAttribute(name);
    for (const { name, value } of now.attributes) {
      if (was.getAttribute(name) !== value) live.setAttribute(name, value);
    }
  }

  // Make `live` what `now` says where it differs from what `was` said. What scripts have made of
  // unchanged parts stays; parts that they have rebuilt are replaced.
  function take(live, was, now) {
    if (isSame(was, now)) return;
    const mine = [...live.childNodes].slice(0, live === document.body ? was.childNodes.length : undefined);
    if (now.nodeType !== Node.ELEMENT_NODE || was.nodeName !== now.nodeName || was.id !== now.id
        || now.nodeName === "SCRIPT" || mine.length !== was.childNodes.length) {
      live.replaceWith(document.importNode(now, true));
      return;
    }
    takeAttributes(live, was, now);
    const [before, after] = [[...was.childNodes], [...now.childNodes]];
    const least = Math.min(before.length, after.length);
    let start = 0;
    while (start < least && isSame(before[start], after[start])) start += 1;
    let end = 0;
    while (end < least - start && isSame(before.at(-1 - end), after.at(-1 - end))) end += 1;
    const follower = mine[mine.length - end] ?? mine.at(-1)?.nextSibling ?? null;
    const olds = before.slice(start, before.length - end);
    const news = after.slice(start, after.length - end);
    let [i, j] = [0, 0];
    for (const [nextI, nextJ] of [...matches(olds, news), [olds.length, news.length]]) {
      for (; i < nextI && j < nextJ; i += 1, j += 1) take(mine[start + i], olds[i], news[j]);
      for (; i < nextI; i += 1) mine[start + i].remove();
      const place = nextI < olds.length ? mine[start + nextI] : follower;
      for (; j < nextJ; j += 1) live.insertBefore(document.importNode(news[j], true), place);
      if (nextI < olds.length) take(mine[start + nextI], olds[nextI], news[nextJ]);
      [i, j] = [nextI + 1, nextJ + 1];
    }
  }

  // Which nodes of two lists are the same, as most readers would see it: the longest sequence of
  // nodes with the same words that both lists hold. Numbers of paragraphs do not count as words.
  function matches(olds, news) {
    if (olds.length * news.length > MOST_COMPARED) return [];
    const [one, other] = [olds, news].map((list) => list.map((node) => node.nodeName + node.textContent));
    const longest = Array.from({ length: one.length + 1 }, () => new Uint16Array(other.length + 1));
    for (let i = one.length - 1; i >= 0; i -= 1) {
      for (let j = other.length - 1; j >= 0; j -= 1) {
        longest[i][j] = one[i] === other[j] ? longest[i + 1][j + 1] + 1
          : Math.max(longest[i + 1][j], longest[i][j + 1]);
      }
    }
    const found = [];
    for (let i = 0, j = 0; i < one.length && j < other.length;) {
      if (one[i] === other[j]) found.push([i++, j++]);
      else if (longest[i + 1][j] >= longest[i][j + 1]) i += 1;
      else j += 1;
    }
    return found;
  }

  const headOf = (page) =>
    [...page.querySelectorAll("head script[src], head link[rel=stylesheet]")]
      .filter((found) => !found.dataset.page)
      .map((found) => found.getAttribute("src") ?? found.getAttribute("href"))
      .join("\n");

  // The first thing on the screen that is still there afterwards keeps its place on it.
  function keepingPlace(change) {
    const parts = document.querySelectorAll("main :is(p, li, h1, h2, h3, h4, figure, tr)");
    const tops = [...parts].map((part) => [part, part.getBoundingClientRect()])
      .filter(([, box]) => box.bottom > 0 && box.top < window.innerHeight)
      .map(([part, box]) => [part, box.top]);
    const focused = document.activeElement;
    const name = focused?.id ? `#${CSS.escape(focused.id)}` : null;
    const href = focused?.getAttribute?.("href");
    const like = href ? `a[href="${CSS.escape(href)}"]` : null;
    const rank = like ? [...document.querySelectorAll(like)].indexOf(focused) : 0;
    const { scrollX, scrollY } = window;
    change();
    const [part, top] = tops.find(([found]) => found.isConnected) ?? [];
    const to = part ? window.scrollY + part.getBoundingClientRect().top - top : scrollY;
    window.scrollTo({ left: scrollX, top: to, behavior: "instant" });
    if (focused?.isConnected || focused === document.body) return;
    const heir = name ? document.querySelector(name) : like && document.querySelectorAll(like)[rank];
    heir?.focus({ preventScroll: true });
  }

  async function takePage() {
    const answer = await fetch(location.pathname, { cache: "no-store" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const digest = page.querySelector("script[data-page]").dataset.page;
    if (!digest) return;
    if (!shown || !served || headOf(page) !== head) {
      location.reload();
      return;
    }
    keepingPlace(() => {
      take(document.body, served, page.body);
      // what a template holds is no child of it
      for (const template of page.body.querySelectorAll("template[id]")) {
        const mine = document.getElementById(template.id);
        if (mine && mine.innerHTML !== template.innerHTML) mine.innerHTML = template.innerHTML;
      }
      document.title = page.title;
    });
    served = page.body;
    shown = digest;
    document.dispatchEvent(new CustomEvent("imprint:changed"));
  }

  // Style sheets and images whose bytes have changed since the page was loaded, though their names
  // have not.
  function takeFiles(files, isLoaded) {
    loaded ??= isLoaded ? files : {};
    const changed = (address) => {
      const url = new URL(address, location.href);
      const digest = url.origin === location.origin && files[url.pathname];
      const isKnown = digest === loaded[url.pathname] && !url.searchParams.has("v");
      if (!digest || isKnown || url.searchParams.get("v") === digest) return null;
      url.searchParams.set("v", digest);
      return url.href;
    };
    for (const image of document.querySelectorAll("img[src]")) {
      const address = changed(image.src);
      if (address) image.src = address;
    }
    for (const link of document.querySelectorAll("link[rel=stylesheet]")) {
      const address = !link.dataset.leaving && changed(link.href);
      if (!address) continue;
      const fresh = link.cloneNode();
      fresh.href = address;
      link.dataset.leaving = "true";
      fresh.addEventListener("load", () => link.remove());
      fresh.addEventListener("error", () => { fresh.remove(); delete link.dataset.leaving; });
      link.after(fresh);
    }
    const scripts = [...document.scripts].map(({ src }) => src && new URL(src).pathname);
    if (scripts.some((path) => files[path] !== loaded[path])) location.reload();
  }

  // ---- what is shown over the page ----

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const button = (text, act) => {
    const made = element("button", { type: "button", textContent: text });
    made.addEventListener("click", act);
    return made;
  };

  const host = element("div", { id: "imprint-preview" });
  const words = element("span");
  const unseen = element("span", { className: "unseen" });
  const status = element("span", { className: "status" }, words, unseen);
  const opener = button("", () => (box.hidden ? open(true) : close(true)));
  const pdfs = element("span", { className: "pdfs" });
  const list = element("ol");
  const heading = element("h2", { id: "heading" });
  const state = element("p", { className: "state" });
  const again = button("Render again", () => ask("render"));
  const box = element("section", { id: "problems", className: "problems", hidden: true, tabIndex: -1 },
    heading, state, list, element("p", { className: "actions" }, button("Close", () => close(true)), again));
  const bar = element("div", { className: "bar" }, status, opener, pdfs);
  const keyOf = (problem) => `${problem.file} ${problem.code} ${problem.message}`;
  let known = [];
  let closed = new Set();
  let returnTo = null;
  let drawn = "";

  const ask = (what) => fetch(HERE + what, { method: "POST" }).catch(() => {});

  function begin() {
    const root = host.attachShadow({ mode: "open" });
    root.append(element("link", { rel: "stylesheet", href: `${HERE}preview.css` }), box, bar);
    status.setAttribute("role", "status");
    bar.setAttribute("role", "region");
    bar.setAttribute("aria-label", "Preview");
    opener.setAttribute("aria-controls", box.id);
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-labelledby", heading.id);
    words.textContent = "Connecting…";
    opener.hidden = true;
    document.body.append(host);
    // the page's end, and what the keyboard comes to, must not hide behind the bar
    new ResizeObserver(() => {
      document.body.style.paddingBottom = `${bar.offsetHeight}px`;
      document.documentElement.style.scrollPaddingBottom = `${bar.offsetHeight + 16}px`;
    }).observe(bar);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !box.hidden && !document.querySelector("dialog[open]")) close(true);
    });
    connect();
  }

  // What opens by itself leaves the focus, and the panel that may be open, where they are.
  function open(isAsked) {
    box.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    if (!isAsked) return;
    returnTo = document.activeElement === host ? opener : document.activeElement;
    box.focus({ preventScroll: true });
  }

  function close(isAsked) {
    const hadFocus = document.activeElement === host && box.contains(host.shadowRoot.activeElement);
    if (isAsked) closed = new Set(known);
    box.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    if (hadFocus && returnTo?.isConnected) returnTo.focus({ preventScroll: true });
    returnTo = null;
  }

  const itemOf = (problem) => element("li", { className: problem.severity },
    element("p", { className: "place" }, element("code", { textContent: problem.place })),
    element("p", { className: "what", textContent: problem.message }),
    ...(problem.fix ? [element("p", { className: "fix", textContent: problem.fix })] : []),
    element("p", { className: "rule", textContent: problem.code }));

  function tell(told) {
    const { problems } = told;
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    known = problems.map(keyOf);
    closed = new Set([...closed].filter((key) => known.includes(key)));
    const stages = {
      rendering: told.doing ? `Rendering: ${told.doing}…` : "Rendering…",
      checking: told.behind ? "Not up to date" : "Up to date; checking…",
      current: told.behind ? "Not up to date" : "Up to date",
    };
    const said = told.page ? stages[told.stage] : `${stages[told.stage]} (this page is not part of it)`;
    const added = problems.length ? `, ${count}` : "";
    if (words.textContent !== said) words.textContent = said;
    if (unseen.textContent !== added) unseen.textContent = added;
    opener.hidden = !problems.length;
    opener.textContent = count;
    heading.textContent = count;
    state.textContent = told.behind
      ? "The last edit is not on the page yet: it shows the last state that could be rendered."
      : "The page is up to date; this keeps it from being published.";
    again.hidden = !told.behind;
    const lines = JSON.stringify(problems);
    if (lines !== drawn) list.replaceChildren(...problems.map(itemOf));
    drawn = lines;
    const isNew = problems.some((found) => found.severity === "error" && !closed.has(keyOf(found)));
    if (!problems.length && !box.hidden) close(false);
    else if (isNew && box.hidden) open(false);
    tellOfPdfs(told.pdfs);
  }

  function tellOfPdfs({ stage, current, links }) {
    const made = links.map(({ label, href }) => element("a", { href, target: "_blank", textContent: label }));
    const age = !made.length ? "" : current ? "PDF:" : "PDF (older):";
    const working = { waiting: "PDF is next", making: "Making the PDF…" }[stage];
    const parts = working ? [working] : [age, ...made, current ? "" : button("Make PDF", () => ask("pdfs"))];
    const had = host.shadowRoot.activeElement?.closest(".pdfs");
    const text = parts.map((part) => part.textContent ?? part).join(" ");
    if (pdfs.dataset.said === text) return;
    pdfs.dataset.said = text;
    pdfs.replaceChildren(...parts.filter(Boolean));
    if (had) (pdfs.querySelector("a, button") ?? box).focus?.({ preventScroll: true });
  }

  // ---- hearing of edits ----

  async function hear(told) {
    if (told.session !== session) location.reload();
    if (told.page && told.page !== shown) await takePage();
    takeFiles(told.files, String(told.edition) === edition);
    tell(told);
    document.dispatchEvent(new CustomEvent("imprint:told", { detail: told }));
  }

  let source = null;
  function connect() {
    source?.close();
    // pages in the background let go, for a browser keeps no more than six connections to a host
    if (document.visibilityState === "hidden") return;
    source = new EventSource(`${HERE}events?page=${encodeURIComponent(location.pathname)}`);
    source.addEventListener("message", ({ data }) => {
      turn = turn.then(() => hear(JSON.parse(data))).catch(() => location.reload());
    });
    source.addEventListener("error", () => {
      words.textContent = "The preview does not answer; waiting for it…";
      unseen.textContent = "";
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, 1000);
    });
  }

  document.addEventListener("DOMContentLoaded", begin);
  document.addEventListener("visibilitychange", connect);
  window.addEventListener("pagehide", () => source?.close());
  window.addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
})();
