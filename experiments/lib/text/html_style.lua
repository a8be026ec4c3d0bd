--- How a page looks: on wide screens, narrow ones, dark ones, on paper.
return [==[
:root { color-scheme: light dark; --text: #1c1e21; --back: #fff; --rule: #d0d4da;
  --soft: #f3f4f6; --link: #0b57a4; }
@media (prefers-color-scheme: dark) {
  :root { --text: #dfe2e6; --back: #16181b; --rule: #43484f; --soft: #22262b; --link: #82b7f0; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem 1rem 4rem; max-width: 56rem; color: var(--text);
  background: var(--back); font: 1rem/1.55 "DejaVu Sans", Verdana, system-ui, sans-serif;
  overflow-wrap: break-word; }
h1, h2, h3 { line-height: 1.25; margin: 2.2em 0 0.6em; }
h1 { font-size: 1.7rem; margin-top: 0.5em; }
h2 { font-size: 1.35rem; border-top: 1px solid var(--rule); padding-top: 1em; }
h3 { font-size: 1.1rem; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
blockquote { margin: 1em 0; padding: 0.1em 1em; border-left: 4px solid #c8691c;
  background: var(--soft); }
code { font: 0.88em "DejaVu Sans Mono", Menlo, Consolas, monospace; background: var(--soft);
  padding: 0.1em 0.25em; border-radius: 3px; }
pre { overflow-x: auto; background: var(--soft); padding: 0.8em; border-radius: 4px; }
pre code { padding: 0; }

.table { overflow-x: auto; margin: 1em 0; }
table { border-collapse: collapse; font-size: 0.88rem; font-variant-numeric: tabular-nums;
  overflow-wrap: normal; }
th, td { padding: 0.3em 0.7em; border-bottom: 1px solid var(--rule); text-align: left;
  vertical-align: top; }
th { border-bottom-width: 2px; }
table caption { text-align: left; font-weight: bold; padding: 0.3em 0; }

nav { font-size: 0.85rem; line-height: 1.4; }
nav ol { list-style: none; margin: 0; padding: 0; }
nav li { margin: 0.5em 0; }
nav a { text-decoration: none; }
summary { cursor: pointer; color: var(--link); }
@media (min-width: 75rem) {
  body { display: grid; grid-template-columns: 15rem minmax(0, 54rem); gap: 2.5rem; max-width: none;
    justify-content: center; }
  nav { position: sticky; top: 1rem; max-height: calc(100vh - 2rem); overflow-y: auto; align-self: start; }
  nav summary { color: inherit; font-weight: bold; list-style: none; pointer-events: none; }
}

figure { margin: 1.5em 0; }
figcaption { margin: 0.6em 0; }
img { max-width: 100%; height: auto; }
figure svg { display: block; width: 100%; height: auto; max-width: 860px; background: #fff;
  border-radius: 4px; }
figure svg.narrow { display: none; }
figure details { font-size: 0.88rem; }
figure details .table { max-height: 24rem; overflow-y: auto; }
.panel, .entry { pointer-events: all; outline: none; }
.panel:focus-visible, .entry:focus-visible { stroke: #0b57a4; stroke-width: 2px; }
.entry { cursor: pointer; }
.entry[aria-checked="false"] { fill: #fff; fill-opacity: 0.65; }
.off { display: none; }
.point { fill: none; stroke: #c2185b; stroke-width: 2.5px; pointer-events: none; }
#tip { position: absolute; left: 0; top: 0; max-width: 17rem; padding: 0.35em 0.6em; border-radius: 4px;
  background: var(--text); color: var(--back); font-size: 0.8rem; line-height: 1.4; pointer-events: none;
  white-space: pre-line; }
#tip:empty { display: none; }

@media screen and (max-width: 40rem) {
  figure svg.wide { display: none; }
  figure svg.narrow { display: block; }
  table.claims thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table.claims, table.claims tbody, table.claims tr { display: block; }
  table.claims tr { padding: 0.6em 0; border-bottom: 1px solid var(--rule); }
  table.claims td { display: block; position: relative; padding: 0.1em 0 0.1em 7.5rem; min-height: 1.2em; border: 0;
    text-align: left !important; }
  table.claims td::before { content: attr(data-label); position: absolute; left: 0; width: 7rem; opacity: 0.75; }
  table.claims td:first-child { padding-left: 0; font-weight: bold; }
  table.claims td:first-child::before { content: none; }
  table.claims td:empty { display: none; }
}
@media print {
  :root { color-scheme: light; --text: #000; --back: #fff; --rule: #999; --soft: #f3f4f6; --link: #000; }
  @page { margin: 16mm 14mm; }
  body { display: block; max-width: none; padding: 0; font-size: 9.5pt; }
  nav, figure details, #tip, .point { display: none; }
  h1, h2, h3 { break-after: avoid; }
  figure svg, tr, blockquote { break-inside: avoid; }
  thead { display: table-header-group; }
  .table, pre { overflow: visible; }
  pre { white-space: pre-wrap; }
  table { font-size: 7.5pt; }
  th, td { padding: 0.25em 0.4em; }
}
]==]
