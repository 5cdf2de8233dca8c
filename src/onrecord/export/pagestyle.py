"""The look of the page: light, dark, narrow, printed. Everything is here; a page loads nothing."""

STYLE = """
:root { color-scheme: light dark; --ink: #1c1b19; --paper: #fffdf8; --dim: #5f5b54; --line: #ddd7ca;
  --direct: #dcefd9; --mixed: #fcebc4; --indirect: #e0eaf8; --focus: #b3401f;
  --direct-line: #3f7d3a; --mixed-line: #97690c; --indirect-line: #3a68a8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9e7e3; --paper: #17191c; --dim: #a8a49d; --line: #3a3d42;
  --direct: #213d27; --mixed: #46381a; --indirect: #20334e; --focus: #ff9d7a;
  --direct-line: #7cc081; --mixed-line: #d9ae55; --indirect-line: #86b1ee; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.08rem/1.65 Georgia, "Noto Serif", serif; }
body > * { max-width: 76rem; margin: 0 auto; padding: 0 1.5rem; }
section { display: grid; gap: 0 3rem; grid-template-columns: minmax(0, 3fr) minmax(17rem, 2fr); padding-top: 2.2rem; }
section + section { margin-top: 3rem; border-top: 1px solid var(--line); }
h1 { font-size: 1.75rem; line-height: 1.25; margin: .3rem 0 1.2rem; text-wrap: balance; overflow-wrap: anywhere; }
p { margin: 0 0 1em; overflow-wrap: anywhere; }
.facts, .key, nav, aside, footer { font: .875rem/1.45 system-ui, "Noto Sans", sans-serif; }
.facts, footer, .dim { color: var(--dim); }
.facts { margin: 0; }
nav { padding-top: 1.6rem; } nav ol { columns: 22rem; padding-left: 1.4rem; margin: .4rem 0 0; }
.key { padding-top: 1.4rem; display: flex; flex-wrap: wrap; gap: .3rem 1rem; align-items: baseline; }
footer { padding-top: 2.5rem; padding-bottom: 2.5rem; }
mark { color: inherit; background: none; padding: .1em 0; border-bottom: 2px solid;
  -webkit-box-decoration-break: clone; box-decoration-break: clone; }
.direct { background: var(--direct); border-color: var(--direct-line); border-style: solid; }
.mixed { background: var(--mixed); border-color: var(--mixed-line); border-style: dashed; }
.indirect { background: var(--indirect); border-color: var(--indirect-line); border-style: dotted; }
mark.direct, mark.mixed, mark.indirect, .key span { border-width: 0 0 2px; }
.key span { padding: 0 .3em; }
.deep { box-shadow: inset 0 0 0 1px currentColor; }
.anchor { scroll-margin-top: 4rem; } .anchor:target + mark { outline: 3px solid var(--focus); }
a { color: inherit; text-decoration-thickness: 1px; text-underline-offset: .18em; }
mark a, .words a { text-decoration: none; } mark a:hover, .words a:hover { text-decoration: underline; }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 2px; }
aside { position: sticky; top: 0; max-height: 100vh; overflow: auto; padding: .2rem .3rem 1rem; align-self: start; }
aside ol { list-style: none; margin: .6rem 0 0; padding: 0; }
aside li { padding: .8rem .4rem .9rem; border-top: 1px solid var(--line); scroll-margin-top: 1rem; }
li:target { outline: 3px solid var(--focus); outline-offset: -3px; border-radius: 4px; }
.inner { margin-left: 1.4rem; } .inner b::before { content: "↳ "; font-weight: 400; }
.head { display: flex; gap: .8rem; justify-content: space-between; align-items: baseline; }
.head > :last-child { flex: none; font-variant-numeric: tabular-nums; }
b { font-weight: 650; overflow-wrap: anywhere; }
.sure { display: inline-block; width: 2.6rem; height: .45rem; margin-left: .4rem; border-radius: .2rem;
  background: linear-gradient(to right, var(--dim) var(--share), var(--line) 0);
  -webkit-print-color-adjust: exact; print-color-adjust: exact; }
.words { margin: .4rem 0; padding: .15rem .7rem; border-width: 0 0 0 4px; overflow-wrap: anywhere; background: none; }
summary { color: var(--dim); cursor: pointer; width: fit-content; }
dl { margin: .3rem 0 0; display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .1rem .8rem; }
dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 55rem) {
  section { grid-template-columns: minmax(0, 1fr); }
  aside { position: static; max-height: none; padding: 0; margin-top: 1rem; }
  body > * { padding-left: 1rem; padding-right: 1rem; } h1 { font-size: 1.4rem; }
}
@media print {
  body { background: none; font-size: 10.5pt; } section { display: block; }
  aside { position: static; max-height: none; }
  .direct, .mixed, .indirect { background: none; } li { break-inside: avoid; } details, nav { display: none; }
}
"""
