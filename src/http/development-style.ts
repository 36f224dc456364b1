/** The look that the pages for developers share: colours, text, lists of terms, plain text. */
export const developmentStyle = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#ffffff, #212a3b);
  --ground-muted: light-dark(#f1f3f7, #1a2231);
  --line: light-dark(#d5dae4, #3c4860);
  --text: light-dark(#262f40, #e6eaf2);
  --text-muted: light-dark(#55617a, #b3bed2);
  --accent: light-dark(#3451b2, #a9bcff);
}
* { box-sizing: border-box; }
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground); }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 0.125rem 1rem; }
dt { color: var(--text-muted); }
dd { margin: 0; overflow-wrap: anywhere; }
pre {
  padding: 1rem;
  background: var(--ground-muted);
  border: 1px solid var(--line);
  border-radius: 0.375rem;
  font: 0.9rem/1.5 ui-monospace, monospace;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
`;
