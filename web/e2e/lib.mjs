/**
 * What all browser tests share. A script launches Chromium, opens pages, and at the end lets close() fail when a page had
 * an error in its console, broke the content policy, asked another server, or lacked a file.
 *
 *   const browser = await launch()
 *   const page = await browser.open(process.argv[2] + '/console/', { width: 1440, lang: 'en' })
 *   await axe(page, 'sign-in')
 *   await browser.close()
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
]

/** launch starts Chromium: /usr/bin/chromium, or the one that CHROMIUM names. */
export async function launch() {
  const chrome = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: flags })
  const faults = []
  return {
    faults,
    /** open opens url in a context of its own. Options: width, height, lang, touch, media (of page.emulateMedia), allow. */
    async open(url, options = {}) {
      const { width = 1440, height = 900, lang = 'zh-CN', touch = false, media, allow = [] } = options
      const context = await chrome.newContext({
        viewport: { width, height }, locale: lang, timezoneId: 'Asia/Shanghai', hasTouch: touch, isMobile: touch,
      })
      const page = await context.newPage()
      watch(page, new URL(url).origin, (fault) => allow.some((a) => fault.includes(a)) || faults.push(`${lang} ${width}: ${fault}`))
      if (media) {
        await page.emulateMedia(media)
      }
      await page.goto(url)
      return page
    },
    async close() {
      await chrome.close()
      if (faults.length > 0) {
        throw new Error('the pages had faults:\n' + faults.join('\n'))
      }
    },
  }
}

/** watch reports what goes wrong on a page without anybody looking. */
function watch(page, origin, report) {
  page.on('pageerror', (error) => report('error: ' + error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      report(`console ${message.type()}: ${message.text()}`)
    }
  })
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.origin !== origin && url.protocol !== 'data:' && url.protocol !== 'blob:') {
      report('asks another server: ' + request.url())
    }
  })
  page.on('response', (response) => response.status() >= 500 && report(`${response.status()} ${response.url()}`))
}

/** byLayout are the rules whose findings depend on what a width shows and where it puts it. The others see the document. */
export const byLayout = ['target-size', 'scrollable-region-focusable', 'link-name', 'button-name', 'label', 'aria-hidden-focus', 'skip-link', 'empty-heading']

/**
 * axe fails when axe-core finds something on the page as it is now; where names the state in the message. include is what to
 * look at, rules are those to try, all unless told.
 */
export async function axe(page, where, { include, rules } = {}) {
  if (!(await page.evaluate(() => 'axe' in window))) {
    await page.evaluate(axeSource)
  }
  const violations = await page.evaluate(async ([context, rules]) => {
    const result = await window.axe.run(context ?? document, {
      runOnly: rules ?? ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      resultTypes: ['violations'],
    })
    return result.violations.map((v) => `${v.id} (${v.help}): ` + v.nodes.map((n) => n.target.join(' ') + ' · ' + n.failureSummary).join('\n    '))
  }, [include, rules])
  if (violations.length > 0) {
    throw new Error(`${where}: axe found ${violations.length}:\n  ` + violations.join('\n  '))
  }
}

/** shot takes a picture of the whole page, when SHOTS names a folder for them. */
export async function shot(page, path) {
  if (process.env.SHOTS) {
    await page.screenshot({ path: `${process.env.SHOTS}/${path}`, fullPage: true })
  }
}

/** check fails with what it was about. */
export function check(condition, what) {
  if (!condition) {
    throw new Error(what)
  }
}

/**
 * steps does what a test in Go asks, one line of JSON after the other, until there are no more: {step, args} in, {result} or
 * {error} out. close is called at the end; what it throws fails the script. Nothing else may write to the standard output.
 */
export async function steps(all, close) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { step, args } = JSON.parse(line)
    let answer
    try {
      answer = { result: (await all[step](args)) ?? null }
    } catch (error) {
      answer = { error: String(error?.stack ?? error) }
    }
    process.stdout.write(JSON.stringify(answer) + '\n')
  }
  await close()
}

/**
 * settled waits until a page of the console stands: it has its heading, nothing is being loaded, and what was loaded is
 * painted.
 */
export async function settled(page) {
  await page.waitForFunction(() => {
    const busy = document.querySelector('.skeleton, .spinner, table[aria-busy=true]')
    return document.querySelector('h1') && !busy
  })
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
}

/** focus tells what has the keyboard's focus: its tag, class, text, and whether a ring or the like shows it. */
export async function focus(page) {
  return page.evaluate(() => {
    const e = document.activeElement
    const style = getComputedStyle(e)
    const box = e.getBoundingClientRect()
    return {
      tag: e.tagName, name: e.className, text: e.textContent.trim().slice(0, 80),
      visible: e.matches(':focus-visible') && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
        && box.width > 0 && box.bottom > 0 && box.top < innerHeight,
      inReview: e.closest('.review') !== null,
    }
  })
}
