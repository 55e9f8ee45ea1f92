/** One column, large type, much space; light and dark. Colours have a contrast of at least 4.5 to 1 against what is behind them. */
export const RECEIVER_STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f4f5f7; --card: #ffffff; --text: #1c2330; --quiet: #566072; --line: #d9dde4;
  --accent: #1b5fc1; --on-accent: #ffffff; --good: #1a7441; --bad: #b3261e; --calm: #8a5a00; --shade: #eaf1fb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12161d; --card: #1b212b; --text: #eef1f6; --quiet: #a9b3c3; --line: #343d4b;
    --accent: #8ab8ff; --on-accent: #0d1726; --good: #6fd49b; --bad: #ff9b93; --calm: #f0c069; --shade: #22304a;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 1rem; max-width: 36rem; background: var(--ground); color: var(--text);
  font: 1.0625rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
header { display: flex; justify-content: space-between; align-items: center; padding: .5rem .25rem 1rem; color: var(--quiet); }
header p { margin: 0; font-weight: 600; }
nav { display: flex; gap: 1rem; }
main { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: 1.75rem 1.5rem; }
h1 { margin: .9rem 0 .5rem; font-size: 1.55rem; line-height: 1.25; text-wrap: balance; }
h2 { margin: 0 0 .5rem; font-size: 1.1rem; }
p { margin: 0 0 1rem; }
a { color: var(--accent); text-underline-offset: .15em; }
nav a, .again a { display: inline-block; padding: .25rem 0; }
.hint { color: var(--quiet); font-size: .9688rem; }
main > :last-child { margin-bottom: 0; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: .25rem; }

.mark { display: grid; place-items: center; width: 3.25rem; height: 3.25rem; border-radius: 50%; background: var(--shade); color: var(--accent); }
.mark::before { content: ""; display: block; }
.mark-working::before { width: 1.5rem; height: 1.5rem; border: 3px solid currentColor; border-right-color: transparent; border-radius: 50%; animation: turn 1.4s linear infinite; }
.mark-form::before, .mark-details::before { content: "\\2192"; font-size: 1.6rem; line-height: 1; }
.mark-checking, .mark-link_expired, .mark-busy, .mark-unavailable, .mark-expired, .mark-cancelled { color: var(--calm); }
.mark-checking::before, .mark-link_expired::before, .mark-busy::before, .mark-unavailable::before, .mark-expired::before, .mark-cancelled::before { content: "\\2026"; font-size: 1.6rem; font-weight: 700; line-height: 1; translate: 0 -.3rem; }
.mark-paid { color: var(--good); }
.mark-paid::before { width: .75rem; height: 1.35rem; margin-top: -.25rem; border: solid currentColor; border-width: 0 4px 4px 0; transform: rotate(45deg); }
.mark-not_paid { color: var(--bad); }
.mark-not_paid::before { content: "!"; font-size: 1.6rem; font-weight: 700; line-height: 1; }
.mark-unknown { color: var(--quiet); }
.mark-unknown::before { content: "?"; font-size: 1.5rem; font-weight: 700; line-height: 1; }
@keyframes turn { to { transform: rotate(1turn); } }
@media (prefers-reduced-motion: reduce) { .mark-working::before { animation: none; } }

dl { margin: 1.25rem 0; border-top: 1px solid var(--line); }
dl div { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; padding: .7rem 0; border-bottom: 1px solid var(--line); }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; text-align: right; font-variant-numeric: tabular-nums; }
.amount dd { font-weight: 700; font-size: 1.25rem; line-height: 1.25; }

.button {
  display: block; width: 100%; padding: .9rem 1.25rem; border: 0; border-radius: .6rem; background: var(--accent); color: var(--on-accent);
  font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; overflow-wrap: anywhere;
}
.button:hover { filter: brightness(1.08); }
.host { white-space: normal; }

.ways { display: grid; grid-auto-flow: column; grid-auto-columns: 1fr; gap: .35rem; margin-bottom: 1.25rem; padding: .3rem; border-radius: .7rem; background: var(--ground); }
.ways a { padding: .55rem; border-radius: .5rem; color: var(--text); text-align: center; text-decoration: none; }
.ways a[aria-current] { background: var(--card); box-shadow: 0 0 0 1px var(--line); font-weight: 600; }
.field { margin-bottom: 1.1rem; }
.field .hint { margin: 0; }
label { display: block; font-weight: 600; }
.optional { font-weight: 400; color: var(--quiet); }
input:not([type="hidden"]) {
  width: 100%; margin-top: .35rem; padding: .75rem .8rem; border: 1px solid var(--quiet); border-radius: .5rem; background: var(--card); color: var(--text); font: inherit;
}
input[aria-invalid="true"] { border: 2px solid var(--bad); }
.error { margin: .35rem 0 0; color: var(--bad); font-weight: 600; font-size: .9688rem; }
.error:empty { display: none; }
.problem { margin-bottom: 1.25rem; padding: 1rem; border: 2px solid var(--bad); border-radius: .6rem; }
.problem ul { margin: 0; padding-left: 1.2rem; }
form .button { margin-bottom: 1rem; }

.script-only { display: none; }
.with-script .script-only { display: inline; }
`;
