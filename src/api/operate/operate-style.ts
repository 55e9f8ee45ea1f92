/** The operators' page: readable first, on a narrow screen too, in the light or dark that the reader's system has. */
export const OPERATE_STYLE = `
:root { color-scheme: light dark; --ground: #fff; --text: #1b1f24; --soft: #57606a; --line: #d0d7de; --panel: #f6f8fa;
  --link: #0550ae; --act: #0550ae; --on-act: #fff; --warn: #fff3cd; --warn-line: #9a6700; --bad: #a40e26; --good: #116329; }
@media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --text: #e6edf3; --soft: #9da7b3; --line: #3d444d; --panel: #161b22;
  --link: #79c0ff; --act: #79c0ff; --on-act: #0d1117; --warn: #3a2d0b; --warn-line: #d29922; --bad: #ff9a91; --good: #7ee787; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
[hidden] { display: none !important; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; padding: .6rem 1.25rem; background: var(--panel);
  border-bottom: 1px solid var(--line); }
.brand { margin: 0; font-weight: 700; }
nav { flex: 1; display: flex; gap: 1.25rem; }
main { max-width: 76rem; margin: 0 auto; padding: .5rem 1.25rem 4rem; outline: none; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: .5rem; top: .5rem; background: var(--ground); padding: .5rem; }
a { color: var(--link); text-underline-offset: .15em; }
h1 { font-size: 1.5rem; margin: 1rem 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 1.75rem 0 .5rem; }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
label { display: block; font-size: .875rem; font-weight: 600; margin-bottom: .15rem; }
input, select, textarea { width: 100%; font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--soft);
  border-radius: 6px; padding: .35rem .5rem; min-height: 2.4rem; }
button { font: inherit; font-weight: 600; padding: .4rem .9rem; min-height: 2.4rem; border-radius: 6px; border: 1px solid var(--act);
  background: var(--act); color: var(--on-act); cursor: pointer; }
button.quiet { background: none; color: var(--link); }
button:disabled { background: none; color: var(--soft); border-color: var(--line); cursor: not-allowed; }
.hint { margin: .15rem 0 .5rem; font-size: .875rem; color: var(--soft); }
.narrow { max-width: 28rem; }
.buttons { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; }
#status { margin: .25rem 0; min-height: 1.5rem; color: var(--soft); }
#problem:not(:empty), #act-problem:not(:empty) { color: var(--bad); font-weight: 600; border-left: 4px solid var(--bad); padding: .25rem .75rem; }
#problem:empty, #act-problem:empty { margin: 0; }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; margin: .5rem 0; list-style: none; }
.counts a { display: block; padding: .3rem .75rem; border: 1px solid var(--line); border-radius: 6px; background: var(--panel); }
.counts .alert a { border-color: var(--warn-line); background: var(--warn); }
.counts b { font-variant-numeric: tabular-nums; }
.filters { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .5rem 1rem; align-items: start; padding: 1rem;
  background: var(--panel); border: 1px solid var(--line); border-radius: 8px; margin-bottom: 1rem; }
.filters .buttons { grid-column: 1 / -1; }
.table { overflow-x: auto; margin-bottom: .75rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-size: .875rem; color: var(--soft); white-space: nowrap; }
td.amount { text-align: right; white-space: nowrap; }
.amount { padding-right: 2rem; }
th.amount { text-align: right; }
td.time, td.state { white-space: nowrap; }
.state b { font-weight: 600; }
.good { color: var(--good); } .bad { color: var(--bad); } .open { color: var(--text); }
.lead { margin: 0 0 1rem; }
.attention, .warning { background: var(--warn); border-left: 4px solid var(--warn-line); padding: .6rem .9rem; border-radius: 0 6px 6px 0; }
.attention p { margin: .2rem 0; }
.facts { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .25rem 1.5rem; }
.facts dt { color: var(--soft); } .facts dd { margin: 0; overflow-wrap: anywhere; }
.actions { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .75rem; }
.actions li { border: 1px solid var(--line); border-radius: 8px; padding: .75rem; }
.actions p { margin: .4rem 0 0; font-size: .9rem; }
.reasons dt { font-weight: 700; margin-top: 1rem; } .reasons dd { margin: 0 0 0 1rem; }
dialog { width: min(34rem, calc(100vw - 2rem)); color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: 10px; padding: 1.25rem; }
dialog::backdrop { background: rgb(0 0 0 / .5); }
dialog h2 { margin-top: 0; }
@media (max-width: 40rem) {
  main { padding: .5rem .9rem 3rem; }
  .filters { grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); padding: .75rem; }
  table.cards thead { position: absolute; left: -99rem; }
  table.cards tr { display: block; border-bottom: 1px solid var(--line); padding: .5rem 0; }
  table.cards td { display: flex; justify-content: space-between; gap: 1rem; border: 0; padding: .1rem 0; text-align: right; overflow-wrap: anywhere; white-space: normal; }
  table.cards td::before { content: attr(data-label); color: var(--soft); text-align: left; }
  table.cards td:empty { display: none; }
  table.cards td.amount { padding-right: 0; }
  .facts { grid-template-columns: 1fr; } .facts dd { margin-bottom: .4rem; }
}
`;

export const OPERATE_ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0550ae"/><path d="M4 8h8m-3-3 3 3-3 3" stroke="#fff" stroke-width="1.6" fill="none"/></svg>';
