/** Looks at the gallery in both languages and three widths, and uses the components by keyboard. Argument: the server. */
import { axe, check, launch, shot } from './lib.mjs'

const url = process.argv[2] + '/gallery/'
const browser = await launch()

for (const lang of ['zh-CN', 'en']) {
  for (const width of [1440, 1024, 390]) {
    const page = await browser.open(url, { width, lang, touch: width === 390 })
    await page.getByRole('heading', { level: 1 }).waitFor()
    check((await page.evaluate(() => document.documentElement.lang)) === lang, `<html lang> is not ${lang}`)
    check((await page.locator('#boot').count()) === 0, 'the message of the watchdog is still there')
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    check(wider <= 0, `${lang} ${width}: the page is ${wider} px wider than the screen`)
    if (width === 390) {
      await targets(page)
    }
    await shot(page, `gallery-${lang}-${width}.png`)
    if (width !== 1024) { // it differs from 1440 in nothing that axe sees
      await axe(page, `${lang} ${width}`)
    }
    await page.context().close()
  }
}
await keyboard()
await forms()
await shell()
await watchdog()
await browser.close()

/** targets: everything that is pressed with a finger is at least 44 px high and wide, but for links inside sentences. */
async function targets(page) {
  const small = await page.evaluate(() => Array.from(document.querySelectorAll('button, a.btn, a.cell, select, input:not([type=radio]):not([type=checkbox]), .choice, [role=treeitem]'))
    .filter((e) => !e.disabled && e.offsetParent && !e.matches('.skip'))
    .map((e) => ({ r: e.getBoundingClientRect(), what: e.className + ' ' + (e.getAttribute('aria-label') ?? e.textContent) }))
    .filter(({ r }) => r.width > 0 && (r.height < 43.5 || r.width < 43.5))
    .map(({ r, what }) => `${Math.round(r.width)}×${Math.round(r.height)} ${what}`))
  check(small.length === 0, 'too small for a finger:\n' + small.join('\n'))
  const add = await page.locator('.counter-add').first().boundingBox()
  check(add.width >= 96 && add.height >= 96, `the +1 is ${add.width}×${add.height}`)
}

async function keyboard() {
  const page = await browser.open(url, { lang: 'en' })
  const focused = () => page.evaluate(() => document.activeElement.textContent.trim())

  await page.getByRole('tab', { name: 'All' }).focus()
  await page.keyboard.press('ArrowRight')
  check((await focused()).startsWith('Held'), 'arrow keys do not move between tabs')

  await page.getByRole('treeitem', { name: 'Chengguan' }).focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  check((await focused()).startsWith('East street'), 'the tree does not open: ' + await focused())
  await page.keyboard.press('ArrowLeft')
  check((await focused()).startsWith('Chengguan'), 'the tree does not go back')

  await page.getByRole('button', { name: 'Theatre against fraud' }).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  check((await page.locator('tr.row-current').textContent()).includes('Hedong'), 'a row does not open by keyboard')

  await page.getByRole('button', { name: 'Zhang San' }).click()
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'menuitem')
  await page.keyboard.press('ArrowUp')
  check((await focused()) === 'Sign out', 'the menu does not go round')
  await page.keyboard.press('Escape')
  check((await focused()).startsWith('Zhang San'), 'the menu does not give the focus back')

  await page.getByRole('button', { name: 'Open a dialog' }).click()
  await axe(page, 'dialog')
  await page.keyboard.press('Escape')
  check((await page.locator('dialog').count()) === 0, 'Esc does not close the dialog')
  check((await focused()) === 'Open a dialog', 'the dialog does not give the focus back')

  await page.getByRole('button', { name: 'Return…' }).click()
  await page.locator('dialog').getByRole('button', { name: 'Return', exact: true }).click()
  check((await page.locator('dialog').getByRole('alert').textContent()).includes('Reason'), 'a return without a reason is not refused')
  await page.getByLabel('Reason').fill('too few photos')
  await page.locator('dialog').getByRole('button', { name: 'Return', exact: true }).click()
  await page.getByText('Reason: too few photos').waitFor()

  await page.getByRole('button', { name: 'A failure' }).click()
  await page.getByRole('alert').getByText('Somebody has just changed this').waitFor()
  await axe(page, 'toast')
}

async function forms() {
  const page = await browser.open(url, { lang: 'zh-CN' })
  const form = page.getByRole('form', { name: '示例表单' })
  await form.getByLabel('单位名称').fill('')
  await form.getByLabel('现场咨询').fill('１２x')
  await form.getByRole('button', { name: '保存' }).click()
  const summary = form.getByRole('alert')
  check((await summary.textContent()).includes('有 4 处需要修改'), 'the summary says: ' + await summary.textContent())
  check(await summary.evaluate((e) => e === document.activeElement), 'the summary has no focus')
  await axe(page, 'form with faults')
  await summary.getByRole('button', { name: '现场咨询' }).click()
  check((await page.evaluate(() => document.activeElement.value)) === '１２x'.replace(/[０-９]/g, (c) => c.charCodeAt(0) - 0xff10), 'the summary does not lead to the field')
  await page.keyboard.press('Backspace')
  check((await form.getByText('请输入整数').count()) === 0, 'a fault stays while its field is mended')

  const refused = page.getByRole('form', { name: '会被退回的表单' })
  await refused.getByLabel('活动名称').fill('315')
  await refused.getByRole('button', { name: '提交' }).click()
  await refused.getByText('已经有同名的活动').first().waitFor()
  check((await refused.getByLabel('活动名称').getAttribute('aria-invalid')) === 'true', "the server's fault is not at its field")
}

/** shell: navigation, the focus that follows it, and the three forms of the frame. */
async function shell() {
  for (const lang of ['zh-CN', 'en']) {
    for (const width of [1440, 1024, 390]) {
      const page = await browser.open(url + '#/shell', { width, lang, touch: width === 390 })
      await page.getByRole('heading', { level: 1 }).waitFor()
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      check(wider <= 0, `shell ${lang} ${width}: the page is ${wider} px wider than the screen`)
      await shot(page, `shell-${lang}-${width}.png`)
      if (lang === 'zh-CN' || width === 1024) {
        await axe(page, `shell ${lang} ${width}`)
      }
      await page.context().close()
    }
  }
  const page = await browser.open(url + '#/shell', { width: 390, lang: 'en', touch: true })
  const side = page.getByRole('navigation', { name: 'Main navigation' })
  check(!(await side.isVisible()), 'the navigation covers a small screen')
  await page.getByRole('button', { name: 'Open menu' }).click()
  await shot(page, 'shell-open.png')
  await axe(page, 'open navigation')
  await side.getByRole('link', { name: 'Review' }).click()
  await page.getByRole('heading', { level: 1, name: 'Review' }).waitFor()
  check(!(await side.isVisible()), 'the navigation stays open')
  check((await page.title()) === 'Review · fieldsync', 'the title is ' + await page.title())
  check((await page.evaluate(() => document.activeElement.tagName)) === 'H1', 'the heading has not got the focus')
  await page.goBack()
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()

  const wide = await browser.open(url + '#/shell/nowhere/at/all', { lang: 'en' })
  await wide.getByText('There is no such page').waitFor()
  const fresh = await browser.open(url + '#/shell', { lang: 'en' })
  await fresh.getByRole('heading', { level: 1 }).waitFor()
  await fresh.keyboard.press('Tab')
  await fresh.keyboard.press('Enter')
  check((await fresh.evaluate(() => document.activeElement.id)) === 'main', 'the skip link does not skip')
  check((await fresh.evaluate(() => location.hash)) === '#/shell', 'the skip link changes the address')
}

/** watchdog: a page whose script never comes shows its message after 8 s, at once when the style does not come either. */
async function watchdog() {
  const page = await browser.open(url, { allow: ['ERR_FAILED', 'Failed to load resource'] })
  await page.route('**/app.js', (route) => route.abort())
  await page.goto(url)
  check(!(await page.locator('#boot').isVisible()), 'the message shows before it is due')
  await page.locator('#boot').waitFor({ state: 'visible', timeout: 12_000 })
  await page.route('**/app.css', (route) => route.abort())
  await page.goto(url)
  check(await page.locator('#boot').isVisible(), 'no message without a style sheet')
}
