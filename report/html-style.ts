/** The style of the report's page: both colour schemes, any width, and paper. Contrast is at least 4.5 to 1 everywhere. */
export const style = `
:root { color-scheme: light dark; --back: #fff; --soft: #f4f5f7; --line: #d5d9df; --text: #1b1f24; --dim: #57606a; --link: #0757b8;
  --critical: #a40e26; --high: #9a4000; --medium: #6b5700; --low: #4a5560; --good: #1a6b34; --on: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --back: #14171b; --soft: #1d2127; --line: #3a414b; --text: #e6e9ed; --dim: #a3acb8; --link: #79b0ff;
    --critical: #ff8d96; --high: #ffab70; --medium: #e3c95c; --low: #b3bdc9; --good: #6fd08c; --on: #14171b; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem clamp(1rem, 4vw, 3rem) 4rem; max-width: 76rem; background: var(--back); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.75rem; } h2 { margin: 2.5rem 0 .75rem; font-size: 1.3rem; } h3 { margin: .75rem 0 0; font-size: 1rem; }
p { margin: .25rem 0; } a { color: var(--link); } :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
code { font: .9em/1.4 ui-monospace, "DejaVu Sans Mono", monospace; }
.why { margin: .75rem 0 0; color: var(--dim); }
.dim { color: var(--dim); }
.verdict { font-size: 1.1rem; font-weight: 600; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; overflow-wrap: normal; } th { white-space: nowrap; } td p { margin: 0; }
td.found { min-width: 9rem; overflow-wrap: anywhere; }
th, td { padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { color: var(--dim); font-weight: 600; } .number { text-align: right; font-variant-numeric: tabular-nums; padding-right: 1.25rem; }
tbody th { color: inherit; font-weight: 600; }
.mark { display: inline-block; padding: 0 .5em; border-radius: .75em; font-size: .85rem; font-weight: 600; color: var(--on); background: var(--low); white-space: nowrap; }
.mark.critical, .mark.error { background: var(--critical); } .mark.high, .mark.fail, .mark.drift { background: var(--high); }
.mark.medium, .mark.pending { background: var(--medium); } .mark.same, .mark.pass { background: var(--good); }
details { margin: .5rem 0; } summary { cursor: pointer; padding: .25rem 0; }
.group { border: 1px solid var(--line); border-radius: .5rem; padding: .25rem 1rem; } .group > summary { font-weight: 600; }
.group[open] { padding-bottom: .75rem; }
ul { margin: 0; padding: 0; list-style: none; }
.finding { padding: .5rem 0 .5rem .75rem; border-left: 3px solid var(--low); margin: .5rem 0; }
.finding.critical { border-color: var(--critical); } .finding.high { border-color: var(--high); } .finding.medium { border-color: var(--medium); }
.finding details { margin: .25rem 0 0; } .finding summary { color: var(--link); font-size: .9rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: .25rem 0; font-size: .9rem; } dt { color: var(--dim); } dd { margin: 0; }
pre { margin: .25rem 0; padding: .5rem .75rem; background: var(--soft); border-radius: .25rem; white-space: pre-wrap; font: .85rem/1.45 ui-monospace, "DejaVu Sans Mono", monospace; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } th, td { padding-right: .5rem; } .group { padding: .25rem .6rem; } }
@media print { body { max-width: none; padding: 0; } }
`;
