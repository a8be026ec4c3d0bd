/* What page.sh looks at in its frames; each finding is a line. */
"use strict";
const findings = [];
let looked = 0;
function expect(true_of, words) {
  looked++;
  if (!true_of) findings.push("FAILED " + words);
}

const seen = element => element.checkVisibility() && element.getClientRects().length > 0;

/* Pieces of text that can be seen, each with its element. */
function* texts(root) {
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());)
    if (node.data.trim() && seen(node.parentElement) && !node.parentElement.closest("script, style, title, desc"))
      yield node;
}

function size(element) {
  const own = parseFloat(element.ownerDocument.defaultView.getComputedStyle(element).fontSize);
  const svg = element.closest("svg");
  return svg ? own * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : own;
}

function fits(page, width, when) {
  expect(page.documentElement.scrollWidth <= width,
    `${when}: the page is ${page.documentElement.scrollWidth} pixels wide on ${width}`);
}

function letters(page, width) {
  for (const node of texts(page.body))
    expect(size(node.parentElement) >= 9, `${width}: '${node.data}' has ${size(node.parentElement)} pixels`);
}

/* No number of the claims goes on in the next line. */
function numbers(page, width) {
  for (const node of texts(page.querySelector("table.claims")))
    for (const match of node.data.matchAll(/[−+±]?\d[\d.,]*(\s%)?/g)) {
      const range = page.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
      expect(lines.size === 1, `${width}: '${match[0]}' is broken`);
    }
}

function press(element, key) {
  element.dispatchEvent(new element.ownerDocument.defaultView.KeyboardEvent("keydown",
    { key, bubbles: true, cancelable: true }));
}

/* A panel tells its points to the keyboard and to the pointer, each with its own numbers. */
function panel(page, box, rows) {
  const tip = page.getElementById("tip"), name = box.dataset.title, told = new Set();
  box.focus();
  expect(page.activeElement === box, `${name}: the keyboard does not reach it`);
  expect(box.tabIndex === 0 && box.getAttribute("aria-label").includes(name), `${name}: has no name`);
  press(box, "Home");
  for (let i = 0; i < 3; i++) {
    for (const key of ["ArrowRight", "ArrowRight", "ArrowDown"]) {
      told.add(tip.textContent);
      press(box, key);
    }
  }
  expect(told.size >= Math.min(3, rows), `${name}: the arrow keys tell ${told.size} points of ${rows}`);
  for (const words of told) {
    expect(/^seeds? \d/m.test(words), `${name}: no seed in '${words}'`);
    expect(/ run [0-9a-f]{12}$| runs?$/m.test(words), `${name}: no run in '${words}'`);
    expect(/: [−\d]/.test(words), `${name}: no value in '${words}'`);
  }
  const mark = box.ownerSVGElement.querySelector(".point").getBoundingClientRect(),
    room = box.getBoundingClientRect(), x = mark.left + mark.width / 2, y = mark.top + mark.height / 2;
  expect(x >= room.left - 1 && x <= room.right + 1 && y >= room.top - 1 && y <= room.bottom + 1,
    `${name}: the point is not in its box`);
  box.blur();
  expect(tip.textContent === "", `${name}: the words stay`);
  box.dispatchEvent(new page.defaultView.PointerEvent("pointermove", { clientX: x, clientY: y }));
  const now = box.ownerSVGElement.querySelector(".point").getBoundingClientRect();
  expect(tip.textContent && Math.abs(now.left - mark.left) + Math.abs(now.top - mark.top) < 1,
    `${name}: the pointer is told '${tip.textContent}'`);
  box.dispatchEvent(new page.defaultView.PointerEvent("pointerleave"));
}

/* An entry of a legend takes what it names away, from the eye and from the keys, and brings it back. */
function entry(page, svg, one) {
  const named = one.dataset.of.split(" "), name = one.dataset.title;
  const hidden = () => named.every(of => [...svg.querySelectorAll(`g[data-of="${of}"]`)].every(g => !seen(g)));
  const parts = named.flatMap(of => [...svg.querySelectorAll(`g[data-of="${of}"]`)]);
  expect(parts.length >= named.length, `${name}: ${parts.length} parts for ${one.dataset.of}`);
  one.focus();
  expect(page.activeElement === one, `${name}: the keyboard does not reach it`);
  expect(!hidden(), `${name}: was not there`);
  press(one, "Enter");
  expect(hidden() && one.getAttribute("aria-checked") === "false", `${name}: is not taken away`);
  press(one, " ");
  expect(!hidden() && one.getAttribute("aria-checked") === "true", `${name}: does not come back`);
}

function figures(page) {
  const all = [...page.querySelectorAll("figure")];
  expect(all.length === 3, `${all.length} figures`);
  for (const figure of all) {
    const shown = [...figure.querySelectorAll("svg")].filter(seen), svg = shown[0];
    expect(shown.length === 1, `${figure.id}: ${shown.length} of its drawings are seen`);
    expect(svg.getAttribute("aria-label"), `${figure.id}: no name`);
    expect(page.getElementById(svg.getAttribute("aria-describedby")).textContent.length > 20,
      `${figure.id}: no words for who does not see it`);
    expect(figure.querySelector("figcaption").textContent.length > 10, `${figure.id}: no caption`);
    const csv = decodeURIComponent(figure.querySelector("a[download]").href.replace(/^[^,]*,/, ""));
    let rows = csv.split("\n").length - 2;
    for (const box of svg.querySelectorAll(".panel")) {
      panel(page, box, +box.dataset.rows);
      rows -= box.dataset.rows;
    }
    expect(rows === 0, `${figure.id}: ${rows} rows of the CSV are no panel's`);
    for (const one of svg.querySelectorAll(".entry")) entry(page, svg, one);
    for (const use of svg.querySelectorAll("use"))
      expect(page.querySelector(use.getAttribute("xlink:href") || use.getAttribute("href")),
        `${figure.id}: a mark that is not there`);
  }
  const ids = [...page.querySelectorAll("[id]")].map(element => element.id);
  expect(new Set(ids).size === ids.length, "two elements have one id");
  const entries = page.querySelectorAll("#figure-curves svg.wide .entry");
  expect(entries.length === 5, `${entries.length} entries of the legends`);
  expect(entries[1].dataset.of === "p1_2 p1_3 p1_4 p1_5 p1_6 p1_7 p1_8", `others: ${entries[1].dataset.of}`);
}

const parts = colour => (colour.match(/[\d.]+/g) || []).map(Number);

function luminance(colour) {
  const [r, g, b] = parts(colour).map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/* Words outside of the drawings, which have a card of their own, stand out against what is behind them. */
function contrasts(page, when) {
  const style = element => page.defaultView.getComputedStyle(element);
  for (const node of texts(page.body)) {
    let behind = node.parentElement;
    if (behind.closest("svg")) continue;
    while (behind && parts(style(behind).backgroundColor)[3] === 0) behind = behind.parentElement;
    const pair = [style(node.parentElement).color, style(behind || page.body).backgroundColor].map(luminance)
      .sort((a, b) => b - a);
    expect((pair[0] + 0.05) / (pair[1] + 0.05) >= 4.5, `${when}: '${node.data}' does not stand out`);
  }
}

/* The rules of a medium, made those of all. */
function as(page, medium) {
  let found = 0;
  for (const rule of page.styleSheets[0].cssRules)
    if (rule.media && rule.media.mediaText.includes(medium)) {
      rule.media.mediaText = "all";
      found++;
    }
  expect(found > 0, `no rule for ${medium}`);
}

function on_paper(page, width) {
  as(page, "print");
  const display = name => page.defaultView.getComputedStyle(page.querySelector(name)).display;
  expect(display("nav") === "none" && display("figure details") === "none", "paper: what cannot be used is there");
  expect(display("thead") === "table-header-group", "paper: the heads of tables are not repeated");
  for (const svg of page.querySelectorAll("svg.wide"))
    expect(seen(svg) && svg.getBoundingClientRect().width <= page.body.clientWidth, "paper: a figure is cut");
  fits(page, width, "paper");
}

addEventListener("load", () => {
  try {
    for (const frame of document.querySelectorAll("iframe")) {
      const page = frame.contentDocument, width = frame.clientWidth;
      fits(page, width, width);
      const fetched = frame.contentWindow.performance.getEntriesByType("resource").map(entry => entry.name);
      expect(fetched.every(name => name.startsWith("data:")), `${width}: fetched ${fetched}`);
      const list = page.querySelector("nav ol");
      expect(seen(list) === width > 1000, `${width}: the contents are ${seen(list) ? "" : "not "}seen`);
      figures(page);
      for (const details of page.querySelectorAll("details")) details.open = true;
      fits(page, width, `${width}, all open`);
      letters(page, width);
      numbers(page, width);
      contrasts(page, width);
      if (width < 1000) continue;
      as(page, "prefers-color-scheme");
      contrasts(page, "dark");
      on_paper(page, width);
    }
  } catch (error) {
    findings.push("FAILED " + error.stack);
  }
  document.getElementById("findings").textContent = "\n" + findings.join("\n") + "\n" + looked + " looked at\n";
});
