/**
 * The office's side of server/office_browser_test.go: a bureau is set up from nothing, and later a campaign is reviewed. The
 * test asks for one step after the other and lets phones work in between. Argument: the server.
 */
import { check, focus, launch, settled, steps } from './lib.mjs'

const url = process.argv[2]
const browser = await launch()
let page

const button = (name) => page.getByRole('button', { name, exact: true })
const dialog = () => page.locator('dialog[open]')
const go = async (hash) => {
  await page.evaluate((h) => { location.hash = h }, hash)
  await settled(page)
}
/** said waits for the message with these words, and takes it away: it would cover what is pressed next. */
const said = async (words) => {
  const toast = page.locator('.toast', { hasText: words }).first()
  await toast.waitFor()
  await toast.getByRole('button').click()
}

await steps({
  /** The one-time link, followed to the console. */
  async setUp({ link, unit, code, name, login, password }) {
    page = await browser.open(link)
    await page.getByLabel('单位名称').fill(unit)
    await page.getByLabel('单位编码').fill(code)
    await page.getByLabel('姓名').fill(name)
    await page.getByLabel('账号').fill(login)
    await page.locator('input[name=password]').fill(password)
    await button('完成设置').click()
    await page.getByRole('heading', { level: 1, name: '3·15 活动填报汇总' }).waitFor()
    check(await page.getByRole('navigation').getByText('单位', { exact: true }).isVisible(), 'the console does not open')
    check(!page.url().includes('setup'), 'the secret stays in the address: ' + page.url())
  },

  /** Units, each below the one that is named. */
  async addUnits({ units }) {
    await go('#/units')
    for (const { parent, name, code } of units) {
      await page.getByRole('treeitem', { name: parent }).first().click()
      await page.getByRole('heading', { level: 2, name: parent }).waitFor()
      await button('新增下级单位').click()
      await dialog().getByLabel('单位名称').fill(name)
      await dialog().getByLabel('编码').fill(code)
      await dialog().getByRole('button', { name: '保存' }).click()
      await page.getByRole('heading', { level: 2, name }).waitFor()
    }
  },

  async addPeople({ people }) {
    await go('#/people')
    for (const p of people) {
      await button('新增人员').click()
      await dialog().getByLabel('姓名').fill(p.name)
      const unit = dialog().locator('select[name=unit]')
      await unit.selectOption(await unit.locator('option', { hasText: p.unit }).getAttribute('value'))
      await dialog().getByRole('radio', { name: p.role }).check()
      if (p.login) {
        await dialog().getByLabel('同时开通办公室登录账号').check()
        await dialog().getByLabel('登录账号').last().fill(p.login)
        await dialog().getByLabel('初始密码').fill(p.password)
      }
      await dialog().getByRole('button', { name: '保存' }).click()
      await page.getByRole('heading', { level: 1, name: p.name }).waitFor()
      await go('#/people')
    }
    const rows = await page.locator('tbody tr').count()
    check(rows === people.length + 1, `${rows} people, expected ${people.length} and the administrator`)
  },

  /** A campaign on the first table, opened. Returns its id. */
  async openCampaign({ title, year, first, last }) {
    await go('#/campaigns/new')
    await page.getByLabel('活动名称').fill(title)
    await page.getByLabel('年份').fill(year)
    await page.getByLabel('统计期开始').fill(first)
    await page.getByLabel('统计期结束').fill(last)
    check(await page.getByRole('checkbox', { name: /315.*活动情况统计表/ }).isChecked(), 'the first table is not chosen')
    await button('建立活动').click()
    await page.getByRole('heading', { level: 1, name: '活动设置' }).waitFor()
    await button('开放填报').click()
    await dialog().getByRole('button', { name: '开放填报' }).click()
    await page.locator('[aria-current=step]', { hasText: '进行中' }).waitFor()
    return page.url().match(/#\/c\/([^/]+)/)[1]
  },

  /** The activation sheet of everybody who records, printed into a file. Returns what each card says. */
  async enrol({ pdf }) {
    await go('#/enrol')
    await button('生成激活码').click()
    await page.getByRole('heading', { level: 1, name: '激活单' }).waitFor()
    await page.pdf({ path: pdf, preferCSSPageSize: true })
    await page.evaluate(() => { window.print = () => {} }) // a dialog of the system that nobody would close
    await button('打印').click()
    const cards = await page.locator('.pass').evaluateAll((all) => all.map((card) => ({
      name: card.querySelector('.pass-name').textContent, code: card.querySelector('.pass-code').textContent,
    })))
    await button('完成').click()
    await page.getByRole('tab', { name: '已发放', selected: true }).waitFor()
    await settled(page)
    check((await page.getByRole('row', { name: '待使用' }).count()) === cards.length, 'the codes are not in the list')
    return cards
  },

  /** Somebody else signs in with a first password, and has to choose one of their own. */
  async signIn({ login, first, password, campaign }) {
    await page.context().close()
    page = await browser.open(url + '/console/', { allow: ['401'] }) // nobody is signed in here, which is asked first
    await page.getByLabel('账号').fill(login)
    await page.locator('input[name=password]').fill(first)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: '请先设置自己的密码' }).waitFor()
    await page.getByLabel('原密码').fill(first)
    await page.locator('input[name=password]').fill(password)
    await page.getByLabel('再次输入新密码').fill(password)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: '总览' }).waitFor()
    check(page.url().includes(campaign), 'the campaign does not open by itself')
  },

  /** An event is looked for and returned, by keyboard alone. */
  async returnByKeyboard({ campaign, title, reason }) {
    await go(`#/c/${campaign}/review`)
    const keys = page.keyboard
    const current = () => page.locator('.queue-open[aria-current=true] .queue-title').textContent()
    await moves(keys, current)
    await keys.press('/')
    check((await focus(page)).tag === 'INPUT', '/ does not lead to the search')
    await keys.type(title)
    await keys.press('Enter')
    await page.waitForFunction(() => document.querySelectorAll('.queue-open').length === 1)
    check((await current()) === title, 'the search found ' + await current())
    const presses = await tabTo(keys, '.queue-open')
    await keys.press('Enter')
    await keys.press('Escape')
    await page.locator('.event-title', { hasText: title }).waitFor()
    await keys.press('r')
    await dialog().waitFor()
    await tabTo(keys, 'dialog textarea')
    await keys.type(reason)
    await tabTo(keys, 'dialog button[type=submit]')
    await keys.press('Enter')
    await page.locator('.queue-row', { hasText: '已退回' }).waitFor()
    await page.locator('.event', { hasText: reason }).waitFor()
    const after = await focus(page)
    check(after.inReview && after.visible, 'after the decision the focus is lost: ' + JSON.stringify(after))
    return { presses, after }
  },

  /** The corrected event: returned, changed since, and with the difference shown. */
  async seeCorrection({ campaign, title, differences }) {
    await go(`#/c/${campaign}/review?state=edited`)
    await page.locator('.queue-open', { hasText: title }).click()
    const card = page.locator('.card', { hasText: '上次退回后的改动' })
    await card.waitFor()
    for (const d of differences) { // they come with the history, after the event
      await card.filter({ hasText: d }).waitFor()
    }
  },
  /** Every event that waits is accepted, page by page. */
  async acceptAll({ campaign }) {
    await go(`#/c/${campaign}/review?state=all`)
    let accepted = 0
    for (let turn = 0; turn < 10; turn++) {
      await button('通过本页待审').click()
      await dialog().waitFor()
      if (await dialog().getByText('本页没有可以通过的场次').count()) {
        await dialog().getByRole('button', { name: '返回' }).click()
        const next = button('下一页')
        if ((await next.count()) === 0 || await next.isDisabled()) {
          break
        }
        await next.click()
        await settled(page)
        continue
      }
      accepted += Number((await dialog().getByRole('heading').textContent()).match(/\d+/)[0])
      await dialog().getByRole('button', { name: '全部通过' }).click()
      await dialog().getByText(/\d+ 场已通过/).waitFor()
      check((await dialog().getByText('没有通过').count()) === 0, 'not all were accepted: ' + await dialog().innerText())
      await dialog().getByRole('button', { name: '返回' }).click()
      await settled(page)
    }
    await go(`#/c/${campaign}/review`)
    await page.getByText('没有待审核的场次').waitFor()
    return accepted
  },

  /** A number of the table, opened down to one entry of an event. Returns what the entry says. */
  async openCell({ campaign, row, title, entry }) {
    await go(`#/c/${campaign}/table`)
    await page.getByText('全部场次已审核通过').waitFor()
    await page.getByRole('row', { name: row }).getByRole('button').filter({ hasText: row }).click()
    await dialog().getByRole('heading', { name: '统计口径' }).waitFor()
    const part = dialog().locator('.part', { hasText: title })
    while ((await part.count()) === 0) {
      await dialog().getByRole('button', { name: '下一页' }).click()
      await settled(page)
    }
    await part.getByRole('button').click()
    const line = part.locator('.entries tbody tr', { hasText: entry })
    await line.waitFor()
    const cells = await line.locator('td').allInnerTexts()
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
    return cells
  },

  async download({ campaign, file }) {
    await go(`#/c/${campaign}/table`)
    await button('下载').click()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: '下载 Excel' }).click()])
    check(/统计表.*\.xlsx$/.test(download.suggestedFilename()), 'the file is called ' + download.suggestedFilename())
    await download.saveAs(file)
  },
}, () => browser.close())

/** moves: j and k go through the list, Enter into the event, Esc back, and the focus is seen where it is. */
async function moves(keys, current) {
  const all = await page.locator('.queue-title').allTextContents()
  check(all.length > 3, 'there is too little to move through')
  const at = (i) => page.waitForFunction((n) => document.querySelectorAll('.queue-open')[n]?.ariaCurrent === 'true', i)
  await at(0)
  await keys.press('j')
  await at(1)
  await keys.press('j')
  await at(2)
  await keys.press('k')
  await at(1)
  await settled(page)
  await keys.press('Enter')
  const inside = await focus(page)
  check(inside.name === 'event-title' && inside.visible, 'Enter does not lead into the event: ' + JSON.stringify(inside))
  await keys.press('Escape')
  const back = await focus(page)
  check(back.name === 'queue-open' && back.visible, 'Esc does not lead back to the list: ' + JSON.stringify(back))
  await keys.press('j')
  await at(2)
  check((await focus(page)).text.includes(await current()), 'the focus does not go along in the list')
}

/** tabTo presses Tab until something is reached, and returns how often. */
async function tabTo(keys, selector) {
  for (let n = 1; n <= 20; n++) {
    await keys.press('Tab')
    if (await page.evaluate((s) => document.activeElement.matches(s), selector)) {
      check((await focus(page)).visible, `the focus on ${selector} is not seen`)
      return n
    }
  }
  throw new Error(`Tab does not reach ${selector}`)
}
