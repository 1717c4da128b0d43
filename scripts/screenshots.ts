// Pictures of the job summaries under test as GitHub shows them: `node scripts/screenshots.ts` writes docs/images/*.png.
import { execFileSync } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { githubHtml } from '../test/core/github-html.ts';

const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const style = fileURLToPath(import.meta.resolve('github-markdown-css/github-markdown.css'));
const mermaid = fileURLToPath(import.meta.resolve('mermaid/dist/mermaid.min.js'));
const golden = path('test/core/golden/summary');
const images = path('docs/images');
/** As wide as the summary of a job is on a screen of 1440 pixels. */
const width = 920;

const frame = `
  body { margin: 0; }
  .markdown-body { box-sizing: border-box; width: ${width + 48}px; padding: 20px 24px; }
`;

/** What GitHub does with each block of Mermaid; a mistake in one ends the script. */
const drawDiagrams = `(async () => {
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  mermaid.initialize({ startOnLoad: false, theme: dark ? 'dark' : 'default' });
  const blocks = [...document.querySelectorAll('code.language-mermaid')];
  for (const [index, block] of blocks.entries()) {
    const { svg } = await mermaid.render('diagram' + index, block.textContent);
    const place = document.createElement('div');
    place.innerHTML = svg;
    block.closest('pre').replaceWith(place);
  }
})()`;

async function show(page: Page, markdown: string): Promise<void> {
  await page.setContent(`<body class="markdown-body">${githubHtml(markdown)}</body>`);
  await page.addStyleTag({ path: style });
  await page.addStyleTag({ content: frame });
  await page.addScriptTag({ path: mermaid });
  await page.evaluate(drawDiagrams);
}

async function photograph(browser: Browser, name: string): Promise<void> {
  const markdown = await readFile(`${golden}/${name}.md`, 'utf8');
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({
      colorScheme,
      deviceScaleFactor: 1.25,
      viewport: { width: width + 48, height: 100 },
    });
    // Everything is in node_modules; what asks for the network is a mistake.
    await page.route('**', (route) => route.abort());
    await show(page, markdown);
    const file = `${images}/summary-${name}-${colorScheme}.png`;
    await page.screenshot({ path: file, fullPage: true });
    await page.close();
    execFileSync('pngquant', ['64', '--force', '--strip', '--output', file, file]);
    console.log(file);
  }
}

await mkdir(images, { recursive: true });
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
// Root, who may install a browser, cannot use its sandbox; what it shows comes from this repository.
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  for (const name of ['success', 'failure', 'after']) await photograph(browser, name);
} finally {
  await browser.close();
}
