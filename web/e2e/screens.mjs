/**
 * Looks at every screen of the console, in both languages and at both widths, and at what each role is offered. It lists all
 * that is wrong instead of stopping at the first fault. Arguments: the server of the demo, and one that nobody has set up.
 * COUNTY says who can sign in, MODULES names the bundle of all texts, SHOTS a folder for the pictures of the documents. ONLY,
 * a list of names, leaves all other screens out while one of them is being made.
 */
import { screens } from './console.mjs'
import { axe, byLayout, launch, settled } from './lib.mjs'
import { dictionaries, Words } from './words.mjs'

const [url, link] = process.argv.slice(2)
const county = JSON.parse(process.env.COUNTY)
const dictionary = await dictionaries(process.env.MODULES)
const browser = await launch()
const only = (process.env.ONLY ?? '').split(',').filter(Boolean)
const widths = [1440, 1024]
const found = []
let looked = 0

/** Ui is a page with its language, and what the screens do with it. */
class Ui {
  constructor(page, lang, allow) {
    Object.assign(this, { page, lang, allow, words: new Words(dictionary) })
    page.setDefaultTimeout(20_000)
    this.words.listen(page)
  }

  say(zh, en) {
    return this.lang === 'en' ? en : zh
  }

  stands() {
    return settled(this.page)
  }

  async press(zh, en, { first, optional } = {}) {
    const button = this.page.getByRole('button', { name: this.say(zh, en), exact: true })
    if (!optional || await button.count()) {
      await (first ? button.first() : button).click()
    }
  }

  menu(zh, en) {
    return this.page.getByRole('menuitem', { name: this.say(zh, en), exact: true }).click()
  }

  /** go opens an address anew, whatever was open before. */
  async go(at) {
    const top = this.page.locator('dialog[open]')
    while (await top.count()) {
      await top.last().press('Escape')
    }
    await this.page.evaluate(() => new Promise((done) => { // what is open must not stay because the address is the same
      addEventListener('hashchange', () => requestAnimationFrame(done), { once: true })
      location.hash = '#/elsewhere/' + Math.random()
    }))
    await this.page.evaluate((hash) => { location.hash = hash }, '#/' + at.replace(/^c\//, `c/${county.campaign}/`))
    await this.stands()
  }

  async signIn(login, password) {
    await this.page.locator('input[name=login]').fill(login)
    await this.page.locator('input[name=password]').fill(password)
    await this.page.keyboard.press('Enter')
  }
}

/** visit opens the console in a browser of its own. allow are faults of the page that are meant to be. */
async function visit(lang, { at = url + '/console/', allow = [] } = {}) {
  const ui = new Ui(await browser.open(at, { lang, allow, media: { reducedMotion: 'reduce' } }), lang, allow)
  await ui.stands()
  return ui
}

/** signedIn is visit with a sign-in; the browser asks first whether somebody is signed in, and hears 401. */
async function signedIn(lang, { login, password }) {
  const allow = ['401']
  const ui = await visit(lang, { allow })
  await ui.signIn(login, password)
  await ui.page.locator('.side-nav').waitFor()
  await ui.stands()
  allow.length = 0
  return ui
}

/** look holds a screen as it stands to what holds for all, at both widths. */
async function look(ui, name, shot) {
  for (const width of widths) {
    await ui.page.setViewportSize({ width, height: 900 })
    await ui.stands()
    const where = `${name} ${ui.lang} ${width}`
    const faults = [...await ui.page.evaluate(faultsOfPage, ui.lang), ...(await ui.words.strange(ui.page, ui.lang)).map((w) => `not in ${ui.lang}: ${w}`)]
    faults.forEach((f) => found.push(`${where}: ${f}`))
    const dialog = await ui.page.locator('dialog[open]').count() // what lies below it was looked at without it
    const how = { ...(dialog ? { include: 'dialog[open]' } : {}), ...(width === widths[0] ? {} : { rules: byLayout }) }
    await axe(ui.page, where, how).catch((e) => found.push(e.message))
    if (process.env.SHOTS && shot && (ui.lang !== 'en' || (width === 1440 && shot === 'both'))) {
      await ui.page.mouse.move(0, 0)
      await ui.page.evaluate(() => document.querySelectorAll('.toast button').forEach((b) => b.click()))
      await ui.page.screenshot({ path: `${process.env.SHOTS}/${name}-${ui.lang.slice(0, 2)}-${width}.png`, animations: 'disabled' })
    }
    looked++
  }
  await ui.page.setViewportSize({ width: widths[0], height: 900 })
}

/** faultsOfPage runs in the page. */
function faultsOfPage(lang) {
  const faults = []
  const h1 = document.querySelectorAll('h1')
  const wider = document.documentElement.scrollWidth - innerWidth
  const outside = Array.from(document.querySelectorAll('dialog[open]')).filter((d) => d.scrollWidth > d.clientWidth + 1)
  if (h1.length !== 1 || !h1[0].textContent.trim()) {
    faults.push(`${h1.length} headings of the first level`)
  }
  if (!document.title.trim() || document.title.includes('undefined')) {
    faults.push(`the title is "${document.title}"`)
  }
  if (document.documentElement.lang !== lang) {
    faults.push('the language is said to be ' + document.documentElement.lang)
  }
  if (wider > 0) {
    faults.push(`the page is ${wider} px wider than the screen`)
  }
  outside.forEach((d) => faults.push(`a dialog is ${d.scrollWidth - d.clientWidth} px wider than it may be`))
  if (document.querySelector('.guard')) {
    faults.push('it has failed: ' + document.querySelector('.guard').textContent)
  }
  return faults
}

/** attempt goes on with the next screen when one cannot be reached. */
async function attempt(name, ui, task) {
  try {
    await task()
  } catch (error) {
    found.push(`${name} ${ui?.lang ?? ''}: ${String(error.message).split('\n').slice(0, 6).join(' | ')}`)
  }
}

/** everything walks through the screens as somebody who may do everything. */
async function everything(lang) {
  const ui = await signedIn(lang, county.accounts.find((a) => a.role === 'admin'))
  for (const screen of screens.filter((s) => only.length === 0 || only.includes(s.name))) {
    await attempt(screen.name, ui, async () => {
      ui.allow.push(...(screen.refused ? [screen.refused] : []))
      await ui.go(screen.at)
      await screen.act?.(ui)
      await ui.stands()
      await look(ui, screen.name, screen.shot)
      ui.allow.length = 0
    })
  }
  await ui.page.context().close()
}

/** before are the screens that come before the console. */
async function before(lang) {
  const refused = ['401', '423', '429', '422', '400']
  const ui = await visit(lang, { allow: refused })
  await attempt('login', ui, async () => {
    await look(ui, 'login')
    await ui.signIn('nobody-' + lang, 'not-the-password')
    await ui.page.getByRole('alert').filter({ hasText: ui.say('账号或密码不对', 'password is wrong') }).waitFor()
    await look(ui, 'login-wrong')
    for (let n = 0, status = 401; n < 8 && status === 401; n++) {
      const answer = ui.page.waitForResponse((r) => r.url().endsWith('/session'))
      await ui.page.locator('input[name=password]').press('Enter')
      status = (await answer).status()
      await ui.stands()
    }
    await ui.page.getByRole('alert').filter({ hasText: ui.say(/失败次数太多|锁定/, /Too many failed/) }).waitFor()
    await look(ui, 'login-locked')
  })
  await ui.page.context().close()
  const fresh = await visit(lang, { at: link.replace(/#.*/, ''), allow: refused })
  await attempt('fresh', fresh, () => look(fresh, 'fresh'))
  await fresh.page.context().close()
  const first = await visit(lang, { at: link, allow: refused })
  await attempt('setup', first, async () => {
    await look(first, 'setup', true)
    await first.press('完成设置', 'Finish')
    await first.page.locator('.form-summary').waitFor()
    await look(first, 'setup-faults')
  })
  await first.page.context().close()
}

/** forced: somebody signs in with a password that somebody else chose. */
async function forced(lang, account) {
  const ui = await visit(lang, { allow: ['401'] })
  await attempt('password-forced', ui, async () => {
    await ui.signIn(account.login, account.password)
    await ui.page.locator('input[name=again]').waitFor()
    await look(ui, 'password-forced')
  })
  await ui.page.context().close()
}

/** What the navigation offers to whom, beyond what everybody sees; and words of buttons that a role must not see anywhere. */
const offers = {
  reviewer: { more: ['操作记录'], never: ['新增人员', '新建活动', '冻结统计表', '开放填报', '生成激活码', '新增模板', '新增下级单位', '停用'] },
  leader: { more: ['操作记录'], never: ['通过', '退回', '放行', '驳回', '判定', '以此为准', '新增人员', '新建活动', '生成激活码', '新增模板', '更正'] },
  head: { more: ['激活码'], never: ['通过', '退回', '放行', '驳回', '判定', '新增人员', '新建活动', '冻结统计表', '新增模板'] },
  reader: { more: ['操作记录'], never: ['通过', '退回', '放行', '驳回', '判定', '以此为准', '新增人员', '新建活动', '冻结统计表', '生成激活码', '新增模板', '更正', '催报'] },
}
const everybody = ['总览', '统计表', '审核', '暂存', '冲突', '疑似重复', '照片', '填报签认', '报送清单', '活动设置', '单位', '人员', '设备', '活动', '统计表模板']

/** role walks through all addresses, also those that the role is not offered. */
async function role({ role: name, login, password }) {
  const ui = await signedIn('zh-CN', { login, password })
  ui.allow.push('403', '404') // of addresses that are not offered
  const { more, never } = offers[name]
  const items = (await ui.page.locator('.side-text').allInnerTexts()).sort()
  const want = [...everybody, ...more].sort()
  if (items.join() !== want.join()) {
    found.push(`${name}: the navigation offers ${items}, it should offer ${want}`)
  }
  for (const at of [...new Set(screens.map((s) => s.at.replace(/\?.*/, '')))]) {
    await attempt(`${at} as ${name}`, ui, async () => {
      await ui.go(at)
      const faults = [...await ui.page.evaluate(faultsOfPage, ui.lang), ...await ui.words.strange(ui.page, ui.lang)]
      const buttons = await ui.page.locator('.main .btn:visible').evaluateAll((all) => all.map((b) => b.firstChild?.data?.trim() || b.textContent.trim()))
      faults.push(...never.filter((word) => buttons.includes(word)).map((word) => `“${word}” is offered`))
      faults.forEach((f) => found.push(`${at} as ${name}: ${f}`))
    })
  }
  await ui.page.context().close()
}

/** inTurn does some things one after the other: two such rows at a time keep two processors busy. */
const inTurn = async (...tasks) => {
  for (const task of tasks) {
    await task()
  }
}
const rest = (lang, accounts) => (only.length > 0 && !only.includes('login') ? []
  : [() => before(lang), () => forced(lang, county.forced), ...accounts.map((a) => () => role(a))])
const others = county.accounts.filter((a) => offers[a.role])
await Promise.all([
  inTurn(() => everything('zh-CN'), ...rest('zh-CN', others.slice(0, 2))),
  inTurn(() => everything('en'), ...rest('en', others.slice(2))),
])
await browser.close().catch((error) => found.push(error.message))
process.stdout.write(`${looked} screens\n`)
if (found.length > 0) {
  process.stdout.write(found.join('\n') + `\n${found.length} faults\n`)
  process.exitCode = 1
}
