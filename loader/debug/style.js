/** The panel's style sheet. It is adopted by the shadow root, so no content security policy stands against it. */
export const STYLE = `
:host {
  all: initial;
  --back: #fff; --text: #1b1e25; --faint: #f1f3f7; --line: #767c8a; --good: #14602f; --bad: #9a1616; --link: #2c49bd;
  /* Just below the prompts, which a preview shows. */
  position: fixed; z-index: 2147482999; left: .5rem; bottom: .5rem;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :host {
    --back: #1b1e25; --text: #f1f3f8; --faint: #2a2e38; --line: #8b92a2; --good: #8fdca9; --bad: #ffb3ab; --link: #a9baff;
  }
}
* { box-sizing: border-box; }
section {
  max-width: min(44rem, calc(100vw - 1rem)); max-height: min(75vh, 44rem);
  overflow: auto; overscroll-behavior: contain;
  border: 1px solid var(--line); border-radius: .5rem;
  background: var(--back); color: var(--text);
  font: 14px/1.45 system-ui, sans-serif; overflow-wrap: anywhere;
}
summary { padding: .35rem .6rem; cursor: pointer; font-weight: 600; }
summary span { font-weight: 400; }
h2 { display: inline; margin: 0; font: inherit; }
h3 { margin: .8rem 0 .3rem; font: inherit; font-weight: 600; }
p, ol { margin: .3rem 0; }
ol { padding-left: 1.2rem; }
.inside { padding: 0 .6rem .6rem; }
.survey { border: 1px solid var(--line); border-radius: .35rem; margin: .4rem 0; }
.rules { width: 100%; border-collapse: collapse; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th, td { padding: .2rem .4rem; border-top: 1px solid var(--line); text-align: start; vertical-align: top; font-weight: 400; }
thead th, tbody th { font-weight: 600; }
tbody th { min-width: 9.5rem; }
thead { background: var(--faint); }
.good, .bad { white-space: nowrap; }
.good { color: var(--good); }
.bad { color: var(--bad); font-weight: 600; }
button {
  min-height: 28px; margin: .2rem .4rem .2rem 0; padding: .15rem .6rem;
  border: 1px solid var(--line); border-radius: .35rem;
  background: var(--faint); color: var(--text); font: inherit; cursor: pointer;
}
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
section summary:focus-visible { outline-offset: -3px; }
@media (pointer: coarse) { summary, button { min-height: 44px; } }
@media (max-width: 36rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody, tr, tbody th, td { display: block; }
  tr { padding: .3rem 0; border-top: 1px solid var(--line); }
  th, td { border: 0; padding: .05rem .4rem; }
  td:empty { display: none; }
  td::before { content: attr(data-label) ": "; color: var(--text); font-weight: 400; }
}
`;
