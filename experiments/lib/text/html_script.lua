--- What a page does where scripts run; it is whole without. A panel of a figure tells the point that is
--- pointed at, or the one that the arrow keys have come to; an entry of a legend takes its curves away
--- and brings them back; the contents fold on a narrow screen.
return [==[
"use strict";
const contents = document.querySelector("nav details");
if (contents) {
  const wide = matchMedia("(min-width: 75rem)");
  const fold = () => { contents.open = wide.matches; };
  wide.addEventListener("change", fold);
  fold();
}
for (const box of document.querySelectorAll(".table, pre"))
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;

const tip = document.body.appendChild(document.createElement("div"));
tip.id = "tip";
tip.setAttribute("role", "status");

function rows(csv) {
  const lines = csv.trim().split("\n").map(line =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(m =>
      m[1] === undefined ? m[2] : m[1].replaceAll('""', '"')));
  const names = lines.shift();
  return lines.map(line => Object.fromEntries(names.map((name, i) => [name, line[i]])));
}

const number = text => text === "" || isNaN(text) ? text
  : Number(text).toLocaleString("en", { maximumSignificantDigits: 6 }).replace("-", "−");

function words(row, axes) {
  const runs = row.seeds && (/^\d+$/.test(row.seeds) ? "seed " : "seeds ") + row.seeds +
    (/ runs?$/.test(row.run) ? ", " : ", run ") + row.run;
  const values = ["x", "y", "z"].filter(name => row[name] !== "").map(name =>
    (axes[name] || (name === "z" ? "value" : name)) + ": " + number(row[name]));
  if (row.low !== "") values.push(number(row.low) + " to " + number(row.high));
  return [row.series, runs, ...values].filter(Boolean).join("\n");
}

/* Points of a panel: where they stand in the drawing, and their rows. */
function points(panel, own) {
  const [x, y, width, height] = ["x", "y", "width", "height"].map(a => +panel.getAttribute(a));
  if (panel.dataset.cells) {
    const [columns, high] = panel.dataset.cells.split(" ").map(Number);
    return own.map((row, i) => ({ row, of: "map", x: x + width * (i % columns + 0.5) / columns,
      y: y + height * (1 - (Math.floor(i / columns) + 0.5) / high) }));
  }
  const list = [];
  for (const part of (panel.dataset.at || "").split(";")) {
    const [of, ...places] = part.split(" ");
    for (const place of places) {
      const [px, py] = place.split(",").map(Number);
      list.push({ row: own[list.length], of, x: px, y: py });
    }
  }
  return list;
}

function nearest(list, x, y) {
  let best, least = Infinity;
  for (const point of list) {
    const far = (point.x - x) ** 2 + (point.y - y) ** 2;
    if (far < least) [best, least] = [point, far];
  }
  return best;
}

/* The point that a key leads to from another one: along its curve, or to the next curve. */
function moved(key, list, point, columns) {
  const curve = list.filter(other => other.of === point.of), at = curve.indexOf(point);
  const clamped = i => curve[Math.min(Math.max(i, 0), curve.length - 1)];
  if (key === "Home" || key === "End") return clamped(key === "Home" ? 0 : Infinity);
  if (key === "ArrowLeft" || key === "ArrowRight") return clamped(at + (key === "ArrowRight" ? 1 : -1));
  const down = key === "ArrowDown" ? 1 : -1;
  if (columns) return curve[at - down * columns] || point;
  const parts = [...new Set(list.map(other => other.of))];
  if (parts.length === 1) return clamped(at + down);
  const next = parts[(parts.indexOf(point.of) + down + parts.length) % parts.length];
  return list.filter(other => other.of === next)
    .reduce((a, b) => Math.abs(b.x - point.x) < Math.abs(a.x - point.x) ? b : a);
}

function live(svg, panel, own, off) {
  let all, shown;
  const visible = () => (all = all || points(panel, own())).filter(point => !off.has(point.of));
  const scale = () => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const mark = document.createElementNS(svg.namespaceURI, "circle");
  mark.setAttribute("class", "point");
  const hide = () => { tip.textContent = ""; mark.remove(); };
  const show = point => {
    if (!point) return hide();
    shown = point;
    for (const [name, value] of [["cx", point.x], ["cy", point.y], ["r", 6]]) mark.setAttribute(name, value);
    svg.append(mark);
    tip.textContent = words(point.row, panel.dataset);
    const box = svg.getBoundingClientRect(), x = scrollX + box.left + point.x * scale(),
      y = scrollY + box.top + point.y * scale(), room = document.documentElement.clientWidth;
    tip.style.left = Math.max(4, Math.min(x + 12, scrollX + room - tip.offsetWidth - 4)) + "px";
    tip.style.top = Math.max(4, y - tip.offsetHeight - 12) + "px";
  };
  panel.tabIndex = 0;
  panel.setAttribute("role", "application");
  panel.setAttribute("aria-label", panel.dataset.title + ": points, by the arrow keys");
  panel.addEventListener("pointermove", event => {
    const box = svg.getBoundingClientRect();
    show(nearest(visible(), (event.clientX - box.left) / scale(), (event.clientY - box.top) / scale()));
  });
  panel.addEventListener("pointerleave", hide);
  panel.addEventListener("blur", hide);
  panel.addEventListener("focus", () => {
    const list = visible();
    show(list.includes(shown) ? shown : list[0]);
  });
  panel.addEventListener("keydown", event => {
    const list = visible();
    if (event.key === "Escape") return hide();
    if (!list.length || !/^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(event.key)) return;
    event.preventDefault();
    show(list.includes(shown) ? moved(event.key, list, shown, parseInt(panel.dataset.cells)) : list[0]);
  });
}

function switching(svg, entry, off) {
  entry.tabIndex = 0;
  entry.setAttribute("role", "switch");
  entry.setAttribute("aria-label", entry.dataset.title);
  entry.setAttribute("aria-checked", "true");
  const turn = () => {
    const on = entry.getAttribute("aria-checked") === "false";
    entry.setAttribute("aria-checked", on);
    for (const of of entry.dataset.of.split(" ")) {
      on ? off.delete(of) : off.add(of);
      for (const part of svg.querySelectorAll(`[data-of="${of}"]:not(rect)`))
        part.classList.toggle("off", !on);
    }
  };
  entry.addEventListener("click", turn);
  entry.addEventListener("keydown", event => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    turn();
  });
}

for (const figure of document.querySelectorAll("figure")) {
  const link = figure.querySelector("a[download]");
  if (!link) continue;
  let read;
  const data = () => read = read || rows(decodeURIComponent(link.href.slice(link.href.indexOf(",") + 1)));
  for (const svg of figure.querySelectorAll("svg")) {
    let first = 0;
    const off = new Set();
    for (const panel of svg.querySelectorAll(".panel")) {
      const from = first, to = first += +panel.dataset.rows;
      live(svg, panel, () => data().slice(from, to), off);
    }
    for (const entry of svg.querySelectorAll(".entry")) switching(svg, entry, off);
  }
}
]==]
