"""The report's style sheet: colours that tell apart on light and on dark."""

STYLE = """
:root {
  --paper: #ffffff; --ink: #1b1f24; --faint: #5b6570; --grid: #e3e7eb;
  --c0: #1f6fb5; --c1: #c4561a; --c2: #2b8a4b; --c3: #8b45b0;
  --c4: #a67c00; --c5: #c2334d; --c6: #0b8791; --c7: #59636e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181d; --ink: #e8ebee; --faint: #a3adb8; --grid: #2c333b;
    --c0: #6cb2f0; --c1: #f0935a; --c2: #63c987; --c3: #c793e6;
    --c4: #e3b94d; --c5: #ef7d8f; --c6: #4fc6cf; --c7: #b3bcc6;
  }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 66rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.25rem; overflow-wrap: anywhere; margin: 0 0 .5rem; }
p, li, figcaption { color: var(--faint); font-size: .9rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; margin: 1rem 0; }
th, td { padding: .35rem .5rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--grid); }
th:first-child { text-align: left; }
figure { margin: 2rem 0; max-width: 52rem; }
svg { width: 100%; height: auto; font: 12px system-ui, sans-serif; }
.grid { stroke: var(--grid); stroke-width: 1; }
.tick { fill: var(--faint); }
.name { fill: var(--ink); }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.mark { stroke-width: 2; fill: var(--paper); }
.dashed { stroke-dasharray: 5 4; }
.c0 { stroke: var(--c0); } .c1 { stroke: var(--c1); } .c2 { stroke: var(--c2); } .c3 { stroke: var(--c3); }
.c4 { stroke: var(--c4); } .c5 { stroke: var(--c5); } .c6 { stroke: var(--c6); } .c7 { stroke: var(--c7); }
"""
