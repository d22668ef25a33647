"""The style sheet of report and plots: that of `horngate bench`'s report, and what only these need."""

from app.bench.style import STYLE as CHARTS

STYLE = (
    CHARTS
    + """
h2 { font-size: 1.1rem; margin: 2.2rem 0 .4rem; border-bottom: 1px solid var(--grid); padding-bottom: .2rem; }
h3 { font-size: 1rem; margin: 1.4rem 0 .3rem; }
pre, code { font-family: ui-monospace, monospace; font-size: .85rem; }
pre { background: var(--grid); padding: .6rem .8rem; overflow-x: auto; border-radius: .3rem; }
th, td { vertical-align: top; }
td.words { text-align: left; white-space: normal; min-width: 9rem; }
.cell { fill: var(--c0); }
.wrong { fill: var(--c5); }
.frame { fill: none; stroke: var(--grid); }
.pixels { image-rendering: pixelated; }
@media print {
  :root { --paper: #ffffff; --ink: #000000; --faint: #333333; --grid: #cccccc; }
  main { max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; }
  figure, tr, pre { break-inside: avoid; }
  .wide { overflow: visible; }
}
"""
)
