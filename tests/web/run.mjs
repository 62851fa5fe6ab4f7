// tests/web/run.mjs FOLDER SCREENS [PAGE…]: looks at each page of a folder; see run.sh.
import { createRequire } from 'node:module';
import { readdirSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { checks } from './checks.mjs';

const [folder, screens, ...only] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const widths = [390, 768, 1440];
const schemes = ['light', 'dark'];
let passed = 0, failed = 0;

function check(name, good, why) {
  if (good) { passed += 1; return; }
  failed += 1;
  console.log(`FAILED ${name}\n    ${String(why).slice(0, 1500)}`);
}

// One line for each violation: the rule, and the first elements that break it.
function told(violation) {
  const nodes = violation.nodes.slice(0, 3).map((n) => `${n.target.join(' ')}: ${n.any.concat(n.all, n.none).map((c) => c.message).join('; ')}`);
  return `${violation.id} (${violation.nodes.length}): ${nodes.join(' | ')}`;
}

async function look(page, name) {
  // Everything that is folded is looked at, too.
  for (const open of [false, true]) {
    await page.evaluate((open) => document.querySelectorAll('details').forEach((d, i) => { d.open = open && i < 20; }), open);
    const found = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
    check(`${name}${open ? ', open' : ''}: axe`, found.violations.length === 0, found.violations.map(told).join('\n    '));
    const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    check(`${name}${open ? ', open' : ''}: fits the width`, wide <= room, `${wide} > ${room}`);
  }
  await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = false; }));
}

const browser = await chromium.launch({ executablePath: process.env.ATTAIN_CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
const pages = readdirSync(folder).filter((f) => f.endsWith('.html')).map((f) => f.slice(0, -5)).sort();
for (const name of pages) {
  if (only.length && !only.includes(name)) continue;
  const address = pathToFileURL(resolve(join(folder, `${name}.html`))).href;
  for (const scheme of schemes)
    for (const width of widths) {
      const context = await browser.newContext({ viewport: { width, height: width === 390 ? 844 : 900 }, colorScheme: scheme });
      const page = await context.newPage();
      const errors = [], asked = [];
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('request', (request) => { if (request.url() !== address) asked.push(request.url()); });
      await page.goto(address);
      const at = `${name} at ${width} px, ${scheme}`;
      await page.screenshot({ path: join(screens, `web-${name}-${width}-${scheme}.png`) });
      await page.evaluate(axe);
      await look(page, at);
      for (const [of, one] of Object.entries(checks))
        if (name.startsWith(of)) await one({ page, width, scheme, name, check: (what, good, why) => check(`${at}: ${what}`, good, why) });
      check(`${at}: no error of a script`, errors.length === 0, errors.join('; '));
      check(`${at}: asks for no other file`, asked.length === 0, asked.join(' '));
      await context.close();
    }
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
