// Comments on a page: in the preview they go to its server, in a page that stands alone into a file
// to send back. It marks the words that have comments, lists these beside the text, and takes in
// what a reader writes. All that others have written is put in as text, never as markup.
(() => {
  "use strict";
  const HERE = "/_preview/";
  const BLOCKS = "p, h1, h2, h3, h4, h5, h6, li, dt, dd, tr, figcaption, caption, pre";
  const FLOATS = "[id^='box-'], [id^='fig-'], [id^='tbl-']";
  const NO_WORDS = "nav, button, script, style, .permalink, .hint, .figure-data, .header-section-number, .float-number";
  const LEAST_ALIKE = 0.5;
  const LONGEST = 1500;
  const alone = document.getElementById("imprint-review-data");
  const NAME = "imprint-reviewer";

  // ---- words of the page ----

  const tokens = (text) => [...text.matchAll(/[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu)]
    .map((found) => ({ word: found[0], start: found.index, end: found.index + found[0].length }));

  // The words of a block on one line, and the node and offset at which each letter stands.
  function read(element) {
    let text = "";
    const points = [];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    let cell = null;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (parent.closest(NO_WORDS) || parent.closest(element.matches("tr") ? "tr" : BLOCKS) !== element) continue;
      const own = parent.closest("td, th");
      if (element.matches("tr") && cell && own !== cell) {
        text = `${text.trimEnd()} | `;
        while (points.length < text.length) points.push(null);
      }
      cell = own;
      for (let offset = 0; offset < node.data.length; offset += 1) {
        const isBlank = /[ \t\r\n\f\v]/.test(node.data[offset]);
        if (isBlank && (!text || text.endsWith(" "))) continue;
        text += isBlank ? " " : node.data[offset];
        points.push([node, offset]);
      }
    }
    const length = text.trimEnd().length;
    return { element, text: text.slice(0, length), points: points.slice(0, length) };
  }

  const isInTable = (element) => !element.matches("tr") && element.closest("tr");
  const blocks = (isWanted = () => true) => [...(document.querySelector("main article") ?? document).querySelectorAll(BLOCKS)]
    .filter((element) => !element.closest(NO_WORDS) && !isInTable(element) && isWanted(element))
    .map(read).filter(({ text }) => text);

  function rangeOf(block, start, end) {
    const points = block.points.slice(start, end).filter(Boolean);
    if (!points.length) return null;
    const range = document.createRange();
    range.setStart(...points[0]);
    range.setEnd(points.at(-1)[0], points.at(-1)[1] + 1);
    return range;
  }

  // Where the words of one form of a paragraph stand in another: from the first to the last of the
  // longest sequence that both hold.
  function carried(old, now, start, end) {
    if (old === now) return [start, end];
    const [before, after] = [tokens(old), tokens(now)];
    if (before.length > LONGEST || after.length > LONGEST) return null;
    const longest = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
    for (let i = before.length - 1; i >= 0; i -= 1) {
      for (let j = after.length - 1; j >= 0; j -= 1) {
        longest[i][j] = before[i].word === after[j].word ? longest[i + 1][j + 1] + 1
          : Math.max(longest[i + 1][j], longest[i][j + 1]);
      }
    }
    const kept = [];
    for (let i = 0, j = 0; i < before.length && j < after.length;) {
      if (before[i].word === after[j].word) {
        if (before[i].end > start && before[i].start < end) kept.push(after[j]);
        [i, j] = [i + 1, j + 1];
      } else if (longest[i + 1][j] >= longest[i][j + 1]) i += 1;
      else j += 1;
    }
    return kept.length ? [kept[0].start, kept.at(-1).end] : null;
  }

  function alike(one, other) {
    const counts = new Map();
    const [first, second] = [tokens(one), tokens(other)];
    for (const { word } of first) counts.set(word, (counts.get(word) ?? 0) + 1);
    let common = 0;
    for (const { word } of second) {
      const left = counts.get(word) ?? 0;
      if (left) { common += 1; counts.set(word, left - 1); }
    }
    return first.length + second.length ? (2 * common) / (first.length + second.length) : 0;
  }

  // The block and the range that a comment is about; a whole figure has no range.
  function placeOf(comment, all) {
    if (!comment.paragraph) {
      const element = comment.label && document.getElementById(comment.label);
      return element ? { element, range: null } : null;
    }
    const same = all.filter(({ text }) => text === comment.paragraph);
    let block = same[Math.min(comment.nth, same.length - 1)];
    if (!block) {
      const [best, score] = all.map((it) => [it, alike(it.text, comment.paragraph)])
        .reduce((most, it) => (it[1] > most[1] ? it : most), [null, 0]);
      block = score >= LEAST_ALIKE ? best : null;
    }
    const [start, end] = [comment.start, comment.end].map((count) => [...comment.paragraph].slice(0, count).join("").length);
    const span = block && carried(comment.paragraph, block.text, start, end);
    return block && { element: block.element, range: span && rangeOf(block, ...span) };
  }

  // ---- where comments are kept ----

  const page = () => decodeURIComponent(location.pathname.replace(/^\/|(?<=\/)$/g, (found, at) => (at ? "index.html" : "")));
  const server = {
    async list() {
      const answer = await fetch(`${HERE}comments`);
      if (!answer.ok) throw new Error("The preview does not answer.");
      return answer.json();
    },
    async write(told) {
      const headers = { "Content-Type": "application/json" };
      const answer = await fetch(`${HERE}comments`, { method: "POST", headers, body: JSON.stringify(told) })
        .catch(() => { throw new Error("The preview does not answer; your words are still here."); });
      if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).why ?? "It could not be kept.");
    },
  };

  let kept = { said: [], replies: [] };
  const file = alone && {
    key: `imprint-review ${document.title}`,
    async list() {
      const told = JSON.parse(alone.textContent);
      try { kept = JSON.parse(localStorage.getItem(this.key)) ?? kept; } catch { /* nothing is kept here */ }
      const own = kept.said.map((it) => ({ ...it, page: "", state: "open", quoted: [...it.paragraph].slice(it.start, it.end).join(""),
        is_blocking: it.blocking, replies: [] }));
      const comments = [...told.comments.map((it) => ({ ...it, page: "" })), ...own];
      for (const { about, ...reply } of kept.replies) {
        const comment = comments.find(({ id }) => id === about);
        comment?.replies.push(reply);
        if (comment && reply.state) comment.state = reply.state;
      }
      return { author: "", comments };
    },
    async write(told) {
      const entry = { ...told, id: `urn:uuid:${uuid()}`, created: `${new Date().toISOString().slice(0, 19)}Z` };
      (told.about ? kept.replies : kept.said).push(entry);
      try { localStorage.setItem(this.key, JSON.stringify(kept)); } catch { /* saved in a file alone */ }
    },
    save() {
      const { comments, ...made } = JSON.parse(alone.textContent);
      const told = { type: "AnnotationCollection", ...kept, ...made };
      const link = element("a", { href: URL.createObjectURL(new Blob([JSON.stringify(told)], { type: "application/json" })) });
      const name = (kept.said.at(-1) ?? kept.replies.at(-1))?.author ?? "reviewer";
      link.download = `comments-${name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-")}.json`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    },
  };
  const store = file || server;

  function uuid() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((it) => it.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  // ---- the panel ----

  function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children.filter((it) => it !== null));
    return made;
  }
  const button = (text, act, className = "") => {
    const made = element("button", { type: "button", textContent: text, className });
    made.addEventListener("click", act);
    return made;
  };
  const field = (label, input) => element("label", { className: input.type === "checkbox" ? "check" : "" },
    ...(input.type === "checkbox" ? [input, label] : [label, input]));
  const counted = (count) => `${count} comment${count === 1 ? "" : "s"}`;

  const host = element("div", { id: "imprint-review" });
  const opener = button("Comments", () => (panel.hidden ? open() : close()), "opener");
  const picker = button("Comment", () => compose(picked), "picker");
  const status = element("p", { className: "status" });
  const heading = element("h2", { id: "heading", tabIndex: -1, textContent: "Comments" });
  const form = element("div");
  const list = element("div");
  const settled = element("input", { type: "checkbox" });
  const save = button("Save comments to send", () => file?.save(), "main");
  const panel = element("aside", { id: "comments", hidden: true },
    element("div", { className: "head" }, heading, button("Close", () => close())), status, form,
    element("p", { className: "actions" }, button("Comment on this page", () => compose(null)), file ? save : null),
    element("p", { className: "help", textContent: "Select words, or move to a paragraph, number or figure with Tab, and press Ctrl+Alt+M." }),
    field("Show what is settled", settled), list);
  let told = null;
  let picked = null;
  let returnTo = null;

  function open() {
    panel.hidden = false;
    opener.hidden = true;
    opener.setAttribute("aria-expanded", "true");
    document.documentElement.classList.add("imprint-reviewing");
    returnTo ??= [host, document.body].includes(document.activeElement) ? opener : document.activeElement;
    heading.focus({ preventScroll: true });
  }

  function close() {
    panel.hidden = true;
    opener.hidden = false;
    form.replaceChildren();
    opener.setAttribute("aria-expanded", "false");
    document.documentElement.classList.remove("imprint-reviewing");
    (returnTo?.isConnected ? returnTo : opener).focus({ preventScroll: true });
    returnTo = null;
  }

  const name = () => { try { return localStorage.getItem(NAME) ?? ""; } catch { return ""; } };
  const authorField = () => element("input", { value: name() || told?.author || "", required: true, maxLength: 200, autocomplete: "name" });

  async function write(entry, alarm, done) {
    alarm.textContent = "";
    try { localStorage.setItem(NAME, entry.author); } catch { /* asked again next time */ }
    try {
      await store.write({ page: file ? "" : page(), ...entry });
      status.textContent = file ? "Kept in this browser. Save the file when you are done, and send it back." : "Saved.";
      done();
      await show();
    } catch (error) {
      alarm.textContent = error.message;
    }
  }

  // A form for a new comment on `what`: words of a block, a whole figure, or, without it, the page.
  function compose(what) {
    if (panel.hidden) open();
    const quoted = what?.block ? what.block.text.slice(what.start, what.end) : "";
    const text = element("textarea", { rows: 4, maxLength: 10000 });
    const words = element("input", { value: quoted });
    const proposes = element("input", { type: "checkbox" });
    const proposed = element("textarea", { rows: 3, maxLength: 10000, value: quoted });
    const blocking = element("input", { type: "checkbox" });
    const author = authorField();
    const alarm = element("p", { className: "alarm" });
    alarm.setAttribute("role", "alert");
    const other = field("These words instead", proposed);
    other.hidden = true;
    proposes.addEventListener("change", () => {
      other.hidden = !proposes.checked;
      if (proposes.checked) { proposed.value = words.value; proposed.focus(); }
    });
    const made = element("form", { className: "compose" },
      element("h3", { textContent: what ? (quoted ? "A comment on words" : `A comment on ${what.called}`) : "A comment on this page" }),
      quoted ? field("The words", words) : null, field("What you say", text),
      quoted ? field("Propose other words", proposes) : null, other,
      field("Must be settled before a release", blocking), field("Your name", author), alarm,
      element("p", { className: "actions" }, element("button", { type: "submit", className: "main", textContent: "Keep this comment" }),
        button("Cancel", () => { form.replaceChildren(); heading.focus(); })));
    made.addEventListener("submit", (event) => {
      event.preventDefault();
      let [start, end] = [what?.start ?? 0, what?.end ?? 0];
      if (quoted && words.value.trim() !== quoted.trim()) {
        start = what.block.text.indexOf(words.value.trim());
        end = start + words.value.trim().length;
      }
      if (start < 0) { alarm.textContent = "These words do not stand in the paragraph."; words.focus(); return; }
      // A character may be two of JavaScript's; the report counts whole ones.
      [start, end] = [start, end].map((at) => [...(what?.block?.text ?? "").slice(0, at)].length);
      const proposal = proposes.checked ? proposed.value.trim() : null;
      if (!text.value.trim() && proposal === null) { alarm.textContent = "Say something, or propose other words."; text.focus(); return; }
      write({ paragraph: what?.block?.text ?? "", nth: nthOf(what?.block), start, end, label: what?.label ?? "", text: text.value,
        proposed: proposal, blocking: blocking.checked, author: author.value.trim() }, alarm, () => { form.replaceChildren(); heading.focus(); });
    });
    form.replaceChildren(made);
    hidePicker();
    text.focus();
  }

  // Which of the paragraphs that read so.
  function nthOf(block) {
    const same = block ? blocks().filter(({ text }) => text === block.text) : [];
    return Math.max(same.findIndex(({ element: one }) => one === block.element), 0);
  }

  function threadOf(comment, place) {
    const made = element("li", { className: `thread ${comment.state}` });
    made.id = `thread-${comment.id}`;
    made.tabIndex = -1;
    const date = (it) => element("time", { dateTime: it.created, textContent: it.created.slice(0, 10) });
    const quoted = comment.words || comment.quoted || comment.label;
    const changed = comment.proposed !== null;
    made.append(
      element("p", { className: "who" }, element("b", { textContent: comment.author }), " ", date(comment),
        comment.is_blocking ? element("span", { className: "blocking", textContent: " before release" }) : null,
        comment.state === "resolved" ? element("span", { textContent: " settled" }) : null),
      ...(quoted ? [element("p", { className: "quoted" }, changed ? element("del", { textContent: quoted }) : `‘${quoted}’`,
        changed && comment.proposed ? element("ins", { textContent: ` ${comment.proposed}` }) : null)] : []),
      ...(comment.is_edited ? [element("p", { className: "help", textContent: "These words have been edited since." })] : []),
      element("p", { className: "said", textContent: comment.text }),
      ...comment.replies.map((reply) => element("p", { className: "reply" }, element("b", { textContent: reply.author }), " ",
        date(reply), ` ${reply.text}`, reply.state ? ` (${reply.state === "open" ? "opened again" : "settled"})` : "")));
    const actions = element("p", { className: "actions" });
    if (place) actions.append(button("Show in the text", () => reveal(place)));
    actions.append(button("Answer", (event) => answer(comment, event.target)));
    made.append(actions);
    return made;
  }

  function answer(comment, opened) {
    const text = element("textarea", { rows: 3, maxLength: 10000 });
    const author = authorField();
    const alarm = element("p", { className: "alarm" });
    alarm.setAttribute("role", "alert");
    const isSettled = comment.state === "resolved";
    const send = (state) => () => {
      if (!author.value.trim()) { author.focus(); alarm.textContent = "Give your name."; return; }
      if (!state && !text.value.trim()) { text.focus(); alarm.textContent = "An answer needs words."; return; }
      write({ about: comment.id, author: author.value.trim(), text: text.value, state }, alarm, () => heading.focus());
    };
    const made = element("form", { className: "answer" }, field("Your answer", text), field("Your name", author), alarm,
      element("p", { className: "actions" }, button("Answer", send(""), "main"),
        isSettled ? button("Open again", send("open")) : button("Settle", send("resolved")),
        button("Cancel", () => { made.replaceWith(opened.parentElement); opened.focus(); })));
    made.addEventListener("submit", (event) => event.preventDefault());
    const actions = opened.parentElement;
    actions.replaceWith(made);
    text.focus();
  }

  function reveal({ element: target, range }) {
    for (let inside = target.closest("details"); inside; inside = inside.parentElement.closest("details")) inside.open = true;
    target.scrollIntoView({ block: "center" });
    if (range) getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
    if (innerWidth < 900) close();
  }

  // ---- marks in the text ----

  function mark(places) {
    for (const old of document.querySelectorAll(".imprint-review-mark")) old.remove();
    const ranges = [];
    const counts = new Map();
    for (const { comment, place } of places) {
      if (comment.state === "resolved") continue;
      if (place.range) ranges.push(place.range);
      counts.set(place.element, [...(counts.get(place.element) ?? []), comment]);
    }
    for (const [target, comments] of counts) {
      const made = button(String(comments.length), () => {
        open();
        const first = list.querySelector(`[id="thread-${CSS.escape(comments[0].id)}"]`);
        first?.focus();
        first?.scrollIntoView({ block: "nearest" });
      }, "imprint-review-mark");
      made.setAttribute("aria-label", `${counted(comments.length)} here`);
      (target.matches("tr") ? target.lastElementChild : target).append(made);
    }
    if (globalThis.Highlight) CSS.highlights.set("imprint-review", new Highlight(...ranges));
  }

  async function show() {
    try {
      told = await store.list();
    } catch (error) {
      status.textContent = error.message;
      return;
    }
    const all = blocks();
    const here = page();
    // What belongs to no page is shown on each.
    const [own, others] = [true, false].map((isHere) => told.comments.filter((it) => (!it.page || it.page === here) === isHere));
    const places = own.filter((it) => it.state !== "detached")
      .map((comment) => ({ comment, place: placeOf(comment, all) }));
    const shown = places.filter(({ comment }) => settled.checked || comment.state !== "resolved");
    const gone = own.filter((it) => it.state === "detached");
    const elsewhere = others.filter((it) => it.state !== "resolved");
    mark(places.filter(({ place }) => place));
    const open = places.filter(({ comment }) => comment.state === "open").length + gone.length;
    opener.textContent = open ? counted(open) : "Comments";
    const section = (title, ...items) => (items.length
      ? [element("h3", { textContent: title }), element("ol", {}, ...items)] : []);
    const pages = [...new Set(elsewhere.map((it) => it.page))].map((path) => element("li", {},
      element("a", { href: `/${path.split("/").map(encodeURIComponent).join("/")}`, textContent: path }),
      ` ${counted(elsewhere.filter((it) => it.page === path).length)}`));
    list.replaceChildren(
      ...(told.problems ?? []).map((it) => element("p", { className: "alarm", textContent: it })),
      ...(shown.length ? [] : [element("p", { textContent: "No comment waits on this page." })]),
      element("ol", {}, ...shown.map(({ comment, place }) => threadOf(comment, place))),
      ...section("Their words are no longer in the text", ...gone.map((it) => threadOf(it, null))),
      ...section("On other pages", ...pages));
    save.hidden = !kept.said.length && !kept.replies.length;
  }

  // ---- choosing what to comment on ----

  function selected() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    for (const block of blocks((element) => range.intersectsNode(element))) {
      const held = block.points.map((point) => point && range.isPointInRange(point[0], point[1])
        && range.isPointInRange(point[0], point[1] + 1));
      const start = held.indexOf(true);
      if (start >= 0) return chosen(block, start, held.lastIndexOf(true) + 1);
    }
    return null;
  }

  function chosen(block, from, to, element = null) {
    const start = from + block.text.slice(from, to).search(/\S|$/);
    const end = start + block.text.slice(start, to).trimEnd().length;
    const number = element ?? block.points[start]?.[0].parentElement.closest("[data-stat], [data-claim]");
    const isNumber = number && number.textContent.trim() === block.text.slice(start, end).trim();
    return { block, start, end, label: isNumber ? number.dataset.stat ?? "" : "" };
  }

  // What has the keyboard's focus: a number, a whole figure, or the paragraph around it.
  function focused() {
    const active = document.activeElement;
    const float = active.closest?.("figure[id]");
    if (float && !active.closest("figcaption")) return { label: float.id, called: "this figure" };
    const block = blocks((element) => element.contains(active)).at(-1);
    if (!block) return null;
    const number = active.closest("[data-stat]");
    const at = number ? block.points.map((point) => Boolean(point && number.contains(point[0]))) : [];
    return number ? chosen(block, at.indexOf(true), at.lastIndexOf(true) + 1, number) : chosen(block, 0, block.text.length);
  }

  const hidePicker = () => { picker.hidden = true; };

  function offer() {
    picked = selected();
    picker.hidden = !picked;
    if (!picked) return;
    const box = getSelection().getRangeAt(0).getBoundingClientRect();
    const bottom = Math.min(Math.max(box.bottom + 8, 8), innerHeight - 100);
    picker.style.top = `${bottom}px`;
    picker.style.left = `${Math.min(Math.max(box.left, 8), innerWidth - 130)}px`;
  }

  function offerOnFloats() {
    for (const float of document.querySelectorAll(`main :is(${FLOATS})`)) {
      const isInner = float.parentElement.closest(FLOATS);
      if (isInner || float.querySelector(":scope > .imprint-review-on")) continue;
      const kind = { fig: "figure", tbl: "table", box: "box" }[float.id.slice(0, 3)];
      const made = button(`Comment on this ${kind}`, () => compose({ label: float.id, called: `this ${kind}` }), "imprint-review-on");
      if (float.matches("table")) float.after(made); else float.append(made);
    }
  }

  function begin() {
    const root = host.attachShadow({ mode: "open" });
    const style = alone ? document.getElementById("imprint-review-style").cloneNode(true)
      : element("link", { rel: "stylesheet", href: `${HERE}review.css` });
    root.append(style, panel, picker, opener);
    if (!alone) document.head.append(element("link", { rel: "stylesheet", href: `${HERE}review.css` }));
    picker.hidden = true;
    // the preview's bar stands below
    const below = () => host.style.setProperty("--below", getComputedStyle(document.body).paddingBottom);
    new ResizeObserver(below).observe(document.body);
    status.setAttribute("role", "status");
    panel.setAttribute("aria-labelledby", heading.id);
    opener.setAttribute("aria-expanded", "false");
    opener.setAttribute("aria-controls", panel.id);
    document.body.append(host);
    document.addEventListener("selectionchange", offer);
    document.addEventListener("scroll", () => picker.hidden || offer(), { passive: true });
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey && event.altKey && event.code === "KeyM") {
        event.preventDefault();
        returnTo ??= document.activeElement;
        compose(selected() ?? focused());
      } else if (event.key === "Escape" && !panel.hidden && document.activeElement === host) close();
    });
    settled.addEventListener("change", show);
    // what leads to pages that were not sent
    for (const link of alone ? document.querySelectorAll("header a, nav a, footer a") : []) {
      if (link.protocol === "file:" && link.pathname !== location.pathname) link.style.display = "none";
    }
    offerOnFloats();
    show();
    let count = null;
    const again = () => { offerOnFloats(); show(); };
    document.addEventListener("imprint:changed", again);
    document.addEventListener("imprint:told", ({ detail }) => {
      const now = `${detail.comments} ${detail.stage === "rendering"}`;
      if (count !== null && count !== now) again();
      count = now;
    });
  }

  document.addEventListener("DOMContentLoaded", begin);
})();
