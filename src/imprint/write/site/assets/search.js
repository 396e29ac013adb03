// Finds words and numbers as they are typed in all publications, whose `search-index.js` fill
// `imprintIndex`. Nothing is fetched, so that it works in pages opened as files.
(() => {
  "use strict";
  const AT_ONCE = 8;
  const PLACES = 3;
  const AROUND = 110;
  const [STATISTIC, WORK] = [2, 3];
  const home = new URL("../", document.currentScript?.src ?? location.href);

  // letter for letter, so that places in what is folded are places in the text
  const folded = (text) => Array.from(text, (sign) => {
    const plain = sign.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    return plain.length === sign.length ? plain : sign;
  }).join("").replace(/[‘’]/g, "'").replace(/[“”]/g, '"').replace(/[‐‑–—]/g, "-").replace(/\u00a0/g, " ");

  const isWord = /[\p{L}\p{N}]/u;
  const quoted = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

  // a word as typed and what it may end in; a number is that number alone
  function patternOf(word) {
    const before = isWord.test(word[0]) ? "(?<![\\p{L}\\p{N}])" : "";
    if (/\d$/.test(word)) return `${before}${quoted(word)}(?![\\d]|[.,]\\d)`;
    if (word === "%") return "(?:%|per ?cent)";
    return before + quoted(word.length > 4 ? word.replace(/(?<=[^s])s$/, "") : word);
  }

  function queryOf(text) {
    const words = folded(text).replace(/per ?cent\b|%/g, " % ").replace(/"/g, " ").split(/\s+/).filter(Boolean);
    const between = "\\p{L}{0,3}[\\s,;:.()'-]*";
    return {
      text,
      words,
      patterns: words.map((word) => new RegExp(patternOf(word), "gu")),
      phrase: new RegExp(words.map(patternOf).join(between), "gu"),
      asTyped: words.length > 1 && /\d/.test(text),
    };
  }

  const count = (text, pattern) => [...text.matchAll(pattern)].length;

  // how well an entry answers; 0 where it does not
  function scoreOf(entry, query) {
    const titles = count(entry.inTitle, query.phrase);
    const phrases = count(entry.inText, query.phrase);
    if (titles || phrases) return 1000 + 50 * titles + Math.min(phrases, 20);
    if (!query.patterns.every((pattern) => count(entry.inTitle, pattern) || count(entry.inText, pattern))) return 0;
    return 1 + query.patterns.reduce((sum, it) => sum + 5 * count(entry.inTitle, it) + Math.min(count(entry.inText, it), 9), 0);
  }

  function readIndex() {
    const entries = [];
    for (const { label, folder, entries: listed } of globalThis.imprintIndex ?? []) {
      for (const [kind, address, page, title, text] of listed) {
        entries.push({ label, kind, page, title, text, folder, address, href: new URL(`${folder}/${address}`, home),
          inTitle: folded(title || page), inText: folded(text) });
      }
    }
    return entries;
  }

  // ---- words that are nowhere ----

  function wordsOf(entries) {
    const words = new Map();
    for (const { inTitle, inText } of entries) {
      for (const [word] of `${inTitle} ${inText}`.matchAll(/\p{L}{3,}/gu)) words.set(word, (words.get(word) ?? 0) + 1);
    }
    return words;
  }

  // letters to change, add, leave out or swap, none more than `most`
  function distance(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let [before, last] = [[], Array.from({ length: other.length + 1 }, (_, at) => at)];
    for (let i = 1; i <= one.length; i += 1) {
      const row = [i];
      for (let j = 1; j <= other.length; j += 1) {
        const same = one[i - 1] === other[j - 1] ? 0 : 1;
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
        const swapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
        if (i > 1 && j > 1 && swapped) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      [before, last] = [last, row];
    }
    return last[other.length];
  }

  function nearest(word, words) {
    const most = word.length < 5 ? 1 : 2;
    let [found, near] = ["", most + 1];
    for (const [other, times] of words) {
      const far = distance(word, other, most);
      if (far < near || (far === near && far <= most && times > words.get(found))) [found, near] = [other, far];
    }
    return found;
  }

  // the words typed, each that is nowhere by the one most like it; empty where there is none
  function corrected(query, words) {
    const all = [...words.keys()];
    const better = query.words.map((word, at) => {
      if (!/^\p{L}{3,}$/u.test(word)) return word;
      return all.some((it) => it.search(query.patterns[at]) === 0) ? word : nearest(word, words);
    });
    return better.every(Boolean) && better.join(" ") !== query.words.join(" ") ? better.join(" ") : "";
  }

  // ---- what is found ----

  function find(entries, query) {
    const seen = new Set();
    let found = [];
    for (const entry of entries) {
      const score = scoreOf(entry, query);
      const same = `${entry.title}|${entry.text}`;
      if (score && !seen.has(same)) {
        seen.add(same);
        found.push({ entry, score });
      }
    }
    const asTyped = found.filter(({ score }) => score >= 1000);
    if (query.asTyped && asTyped.length) found = asTyped;
    const pages = new Map();
    for (const { entry, score } of found.sort((one, other) => other.score - one.score)) {
      const name = `${entry.folder}/${entry.address.replace(/#.*/, "")}`;
      if (!pages.has(name)) pages.set(name, { kind: entry.kind, best: score, places: [] });
      pages.get(name).places.push(entry);
    }
    const isTyped = ({ best }) => (best >= 1000 ? 0 : 1);
    return [...pages.values()].sort((one, other) => isTyped(one) - isTyped(other)
      || one.kind - other.kind || other.best - one.best);
  }

  function linkTo(text, address) {
    const link = document.createElement("a");
    link.href = address;
    link.textContent = text;
    return link;
  }

  // the words found, marked, with what stands around them
  function excerptOf(entry, query) {
    const made = document.createElement("p");
    const phrase = [...entry.inText.matchAll(query.phrase)];
    const marks = (phrase.length ? phrase : query.patterns.flatMap((it) => [...entry.inText.matchAll(it)]))
      .map((it) => [it.index, it.index + it[0].length]).sort((one, other) => one[0] - other[0]);
    const at = marks[0]?.[0] ?? 0;
    let start = Math.max(0, at - AROUND);
    if (start) start = entry.text.indexOf(" ", start) + 1;
    let end = Math.min(entry.text.length, at + 2 * AROUND);
    if (end < entry.text.length) end = Math.max(entry.text.lastIndexOf(" ", end), at + 1);
    let last = start;
    if (start) made.append("… ");
    for (const [from, to] of marks) {
      if (from < last || to > end) continue;
      // all of the word, whose beginning was typed
      const whole = to + entry.text.slice(to).match(/^[\p{L}\p{N}]*/u)[0].length;
      const mark = document.createElement("mark");
      mark.textContent = entry.text.slice(from, whole);
      made.append(entry.text.slice(last, from), mark);
      last = whole;
    }
    made.append(entry.text.slice(last, Math.max(end, last)), end < entry.text.length ? " …" : "");
    return made;
  }

  function itemOf(page, query) {
    const item = document.createElement("li");
    const heading = document.createElement("h2");
    const where = document.createElement("p");
    const [first] = page.places;
    const listed = document.createElement("ul");
    const address = new URL(first.href);
    address.hash = "";
    const isListing = first.kind === STATISTIC || first.kind === WORK;
    if (isListing) address.searchParams.set("q", query.text);
    heading.append(linkTo(first.page, address));
    where.className = "where";
    where.textContent = first.label;
    item.append(heading, where);
    for (const entry of page.places.slice(0, PLACES)) {
      const place = document.createElement("li");
      if (entry.title) place.append(linkTo(entry.title, entry.href));
      if (entry.text) place.append(excerptOf(entry, query));
      listed.append(place);
    }
    item.append(listed);
    const rest = page.places.slice(PLACES);
    if (rest.length) {
      const more = document.createElement("details");
      const summary = document.createElement("summary");
      const others = document.createElement("ul");
      summary.textContent = `${rest.length} more ${rest.length === 1 ? "place" : "places"} on this page`;
      others.append(...rest.map((entry) => {
        const place = document.createElement("li");
        place.append(linkTo(entry.title || entry.page, entry.href));
        return place;
      }));
      more.append(summary, others);
      item.append(more);
    }
    return item;
  }

  // ---- the page ----

  function search() {
    const form = document.querySelector("form.search");
    const typed = form.elements.q;
    const status = document.querySelector(".status");
    const list = document.querySelector(".results");
    const more = document.querySelector("button.more");
    const asked = new URLSearchParams(location.search);
    const entries = readIndex();
    let words = null;

    const append = (pages, query) => {
      const first = list.children.length;
      list.append(...pages.slice(first, first + AT_ONCE).map((page) => itemOf(page, query)));
      more.hidden = list.children.length >= pages.length;
      return list.children[first];
    };

    const answer = () => {
      const text = typed.value.trim();
      const within = form.elements.in?.value ?? "";
      const address = new URLSearchParams({ ...(text && { q: text }), ...(within && { in: within }) });
      try { history.replaceState(null, "", address.size ? `?${address}` : location.pathname); } catch { /* a file */ }
      // what was found keeps its room until the next is there, so that nothing jumps
      list.style.minHeight = `${list.offsetHeight}px`;
      list.replaceChildren();
      more.hidden = true;
      status.textContent = "";
      if (isWord.test(text)) {
        const searched = entries.filter((entry) => !within || entry.label === within);
        let query = queryOf(text);
        let pages = find(searched, query);
        let said = "";
        if (!pages.length) {
          words ??= wordsOf(entries);
          const better = corrected(query, words);
          said = `Nothing found for “${text}”. `;
          if (better) {
            query = queryOf(better);
            pages = find(searched, query);
            if (pages.length) said += `Showing “${better}”: `;
          }
        }
        const places = pages.reduce((sum, page) => sum + page.places.length, 0);
        const told = `${places} ${places === 1 ? "place" : "places"} on ${pages.length} ${pages.length === 1 ? "page" : "pages"}`;
        status.textContent = said + (pages.length ? told : "");
        append(pages, query);
        more.onclick = () => append(pages, query)?.querySelector("a").focus();
      }
      list.style.minHeight = "";
    };

    let waiting = 0;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(answer, 150);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(waiting);
      answer();
    });
    typed.value = asked.get("q") ?? "";
    const within = form.querySelector(`[name=in][value="${CSS.escape(asked.get("in") ?? "")}"]`);
    if (within) within.checked = true;
    if (typed.value) answer();
  }

  document.addEventListener("DOMContentLoaded", search);
})();
