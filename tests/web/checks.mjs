// tests/web/checks.mjs: what a page must do beside being accessible, by the beginning of its name.
export const checks = { diff };

// What a reader of the made-up case (tests/review) must find on the first screen, from the numbers of its generator.
const first = {
  diff: ['55', 'account executive', '①', '10% → 9.4%'],
  'diff-zh': ['55', 'account executive', '①', '10% → 9.4%'],
  'diff-withheld': ['③', '2', 'Zoe Mori', 'Leo Rossi'],
  'diff-limits': ['2', 'total', 'any payee'],
};

async function diff({ page, width, name, check }) {
  await firstScreen(page, name, check);
  await periods(page, check);
  await colors(page, check);
  await order(page, check);
  if (width === 390) await narrow(page, check);
  if (name === 'diff' || name === 'diff-withheld') await filters(page, name, check);
  await keyboard(page, check);
  await print(page, check);
}

async function firstScreen(page, name, check) {
  const text = await page.evaluate(() => Array.from(document.querySelectorAll('#decision > *'))
    .filter((e) => e.getBoundingClientRect().bottom <= innerHeight).map((e) => e.innerText).join('\n'));
  for (const part of first[name] || [])
    check(`"${part}" on the first screen`, text.includes(part), text);
}

// A line never breaks inside a period.
async function periods(page, check) {
  const broken = await page.evaluate(() => {
    document.querySelectorAll('.payee details').forEach((d, i) => { d.open = i < 3; });
    const out = Array.from(document.querySelectorAll('.nb')).filter((e) => e.getClientRects().length > 1).map((e) => e.textContent);
    const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode())
      if (/\d{4}-[QH]\d|\d{4}年第/.test(node.data) && !node.parentElement.closest('.nb, title, option, text')) out.push(node.data);
    document.querySelectorAll('details').forEach((d) => { d.open = false; });
    return out;
  });
  check('periods are never broken', broken.length === 0, broken.join(' | '));
}

// Green and red mean more and less pay, and nothing else has these colors.
async function colors(page, check) {
  const odd = await page.evaluate(() => {
    const of = (name) => {
      const probe = document.createElement('i');
      probe.style.color = `var(--${name})`;
      document.querySelector('main').appendChild(probe);
      const color = getComputedStyle(probe).color;
      probe.remove();
      return color;
    };
    const two = [of('up'), of('down')], out = two[0] === two[1] ? ['up and down are the same'] : [];
    for (const e of document.querySelectorAll('main *')) {
      const style = getComputedStyle(e), kinds = ['up', 'down'];
      [style.color, style.backgroundColor, style.fill, style.borderTopColor].forEach((color) => {
        const i = two.indexOf(color);
        if (i >= 0 && !e.closest('.' + kinds[i])) out.push(e.tagName + ' ' + e.className);
      });
    }
    return out;
  });
  check('no color has two meanings', odd.length === 0, odd.slice(0, 5).join('; '));
}

// The order in which a screen reader reads: the verdict, what changes, the edits, sums, and payees; in a row, the name, and
// then the change.
async function order(page, check) {
  const found = await page.evaluate(() => Array.from(document.querySelectorAll('main > header, main section'))
    .map((e) => e.id || 'header'));
  const want = ['header', 'decision', 'edits', 'totals', 'withheld', 'groups', 'periods', 'components', 'scatter', 'spread', 'payees', 'sources'];
  check('the order of the sections', found.join() === want.filter((id) => found.includes(id)).join(), found.join());
  const levels = await page.evaluate(() => Array.from(document.querySelectorAll('h1, h2, h3')).map((h) => +h.tagName[1]));
  check('no heading skips a level', levels[0] === 1 && levels.every((l, i) => i === 0 || l <= levels[i - 1] + 1), levels.join(' '));
  const row = await page.locator('#payee-table tbody').first().locator('tr').first().ariaSnapshot();
  const name = await page.evaluate(() => document.querySelector('#payee-table tbody th').innerText.trim());
  const change = await page.evaluate(() => document.querySelector('#payee-table tbody td').innerText.trim());
  check('the name, and then the change', row.indexOf(name) >= 0 && row.indexOf(change, row.indexOf(name)) > 0, row);
}

async function narrow(page, check) {
  const cells = await page.evaluate(() => Array.from(document.querySelector('#payee-table tbody tr').cells)
    .filter((c) => getComputedStyle(c).display !== 'none').map((c) => c.className.split(' ')[0] || c.tagName));
  check('name, change, and percent', cells.length === 3, cells.join(' '));
}

async function filters(page, name, check) {
  const shown = () => page.evaluate(() => Array.from(document.querySelector('#payee-table').tBodies).filter((b) => !b.hidden).length);
  await page.selectOption('#show', 'down');
  check('55 payees get less', await shown() === 55, await shown());
  await page.selectOption('#show', '');
  await page.selectOption('#group', '=manager');
  check('4 managers', await shown() === 4, await shown());
  await page.selectOption('#group', '');
  if (name === 'diff-withheld') {
    await page.selectOption('#show', 'withheld');
    check('2 payees with withheld pay', await shown() === 2, await shown());
  }
  await page.selectOption('#show', '');
  check('all 60 payees', await shown() === 60, await shown());
}

async function keyboard(page, check) {
  await page.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
  const seen = [];
  for (let i = 0; i < 60 && !seen.includes('BUTTON'); i++) {
    await page.keyboard.press('Tab');
    const [tag, outline, visible] = await page.evaluate(() => {
      const e = document.activeElement, box = e.getBoundingClientRect();
      return [e.tagName, getComputedStyle(e).outlineStyle, box.width > 0 && box.height > 0];
    });
    check(`focus on ${tag} is visible`, visible && outline !== 'none', outline);
    seen.push(tag);
  }
  check('Tab reaches the heads of the table of payees', seen.includes('BUTTON'), seen.join(' '));
  await page.keyboard.press('Enter');
  check('Enter sorts', await page.evaluate(() => document.activeElement.parentElement.hasAttribute('aria-sort')));
  const summary = page.locator('#payee-table summary').first();
  await summary.focus();
  await page.keyboard.press('Enter');
  check('Enter opens details', await page.evaluate(() => document.activeElement.parentElement.open));
  await page.keyboard.press('Enter');
}

async function print(page, check) {
  await page.emulateMedia({ media: 'print' });
  const [tools, ink, paper] = await page.evaluate(() => {
    const body = getComputedStyle(document.body);
    return [getComputedStyle(document.querySelector('.tools')).display, body.color, body.backgroundColor];
  });
  check('print: black on white, without the form', tools === 'none' && ink === 'rgb(0, 0, 0)' && paper === 'rgb(255, 255, 255)',
    `${tools} ${ink} ${paper}`);
  await page.emulateMedia({ media: null });
}
