const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text made safe for element content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; padding: 1.5rem; max-width: 70rem; }
body.narrow { max-width: 30rem; }
label, legend { display: block; font-weight: 600; margin-top: 1rem; }
.choice label { display: inline; font-weight: 400; }
input[type=text] { font: inherit; padding: .5rem; width: 100%; box-sizing: border-box; }
input[aria-invalid=true] { outline: 2px solid #b3261e; }
button { font: inherit; padding: .6rem 1.2rem; margin: 1.5rem .5rem 0 0; cursor: pointer; }
button.primary { background: #0b57d0; color: #fff; border: 1px solid #0b57d0; border-radius: .3rem; }
.hint { margin: .2rem 0; opacity: .8; }
.errors { border: 2px solid #b3261e; padding: .5rem 1rem; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #8884; vertical-align: top; }
caption { text-align: left; font-weight: 600; padding: .5rem 0; }
`;

/** `body` is markup, escaped by its maker; `title` is text. */
export function renderPage({ title, body, narrow = false }: { title: string; body: string; narrow?: boolean }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body${narrow ? ' class="narrow"' : ''}>
<main>
${body}
</main>
</body>
</html>
`;
}
