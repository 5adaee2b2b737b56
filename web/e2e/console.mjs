/**
 * Every screen of the console, as whoever may do everything sees it in the county of the demo. at is below the campaign's
 * address where it begins with c/; act opens what is on top of it. say is the word in the language of the page; press, open
 * and menu press the button, link or item of that name.
 */
const first = (ui, selector) => ui.page.locator(selector).first().click()
const top = (ui) => ui.page.locator('dialog[open]')
const current = async (ui, key) => {
  await ui.page.locator('.decisions').waitFor()
  await ui.page.keyboard.press(key)
  await top(ui).waitFor()
}
const within = (ui, zh, en) => top(ui).getByRole('button', { name: ui.say(zh, en), exact: true }).click()

const work = [
  { name: 'overview', at: 'c/overview', shot: 'both' },
  { name: 'remind', at: 'c/overview', act: (ui) => ui.page.getByRole('button', { name: ui.say(/^催报/, /^Remind/) }).first().click() },
  { name: 'table', at: 'c/table', shot: 'both' },
  { name: 'table-units', at: 'c/table?by=units' },
  { name: 'table-heping', at: 'c/table?template=heping-2020' },
  { name: 'table-download', at: 'c/table', act: (ui) => ui.press('下载', 'Download') },
  { name: 'cell', at: 'c/table?row=public_consulting', shot: 'both', act: (ui) => first(ui, '.part .btn-link') },
  { name: 'cell-page', at: 'c/table/staff_dispatched', act: (ui) => first(ui, '.part .btn-link') },
  { name: 'cell-text', at: 'c/table/highlights' },
  { name: 'freeze', at: 'c/freeze', shot: true },
  { name: 'review', at: 'c/review?q=3·15', shot: 'both' },
  { name: 'review-more', at: 'c/review?state=all', act: (ui) => ui.press('更多条件', 'More filters') },
  { name: 'review-edited', at: 'c/review?state=edited' },
  { name: 'review-returned', at: 'c/review?state=returned' },
  { name: 'review-issues', at: 'c/review?state=issues' },
  { name: 'review-accepted', at: 'c/review?state=accepted' },
  { name: 'review-conflict', at: 'c/review?state=all&flag=conflict' },
  { name: 'review-urgent', at: 'c/review?state=all&flag=urgent' },
  { name: 'review-deleted', at: 'c/review?state=all&flag=deleted' },
  { name: 'review-nothing', at: 'c/review?state=all&q=nowhere-at-all' },
  { name: 'review-media', at: 'c/review?state=all&kind=media' },
  { name: 'review-destruction', at: 'c/review?state=all&kind=destruction' },
  { name: 'return', at: 'c/review', shot: true, act: (ui) => current(ui, 'r') },
  { name: 'return-without-reason', at: 'c/review', act: async (ui) => {
    await current(ui, 'r')
    await within(ui, '退回', 'Return')
    await top(ui).locator('.form-summary').waitFor()
  } },
  { name: 'issues', at: 'c/review', act: (ui) => current(ui, 'i') },
  { name: 'comment', at: 'c/review', act: (ui) => current(ui, 'c') },
  { name: 'reopen', at: 'c/review?state=accepted', act: (ui) => ui.press('撤销通过', 'Undo acceptance') },
  { name: 'keys', at: 'c/review', act: (ui) => current(ui, '?') },
  { name: 'accept-many', at: 'c/review', act: (ui) => ui.press('通过本页待审', 'Accept all shown') },
  { name: 'correct', at: 'c/review', act: async (ui) => {
    await ui.press('更正', 'Correct')
    await top(ui).locator('select').first().selectOption('place')
  } },
  { name: 'tally', at: 'c/review?kind=consultation', act: (ui) => ui.page.getByRole('button', { name: ui.say(/^调整计数/, /^Adjust the count/) }).first().click() },
  { name: 'move', at: 'c/review', act: async (ui) => {
    await ui.page.locator('.decisions [aria-haspopup]').click()
    await ui.menu('调整所属单位', 'Move to another unit')
  } },
  { name: 'event', at: 'c/review?state=all&flag=conflict', act: (ui) => first(ui, '.event-head a') },
  { name: 'held', at: 'c/held', shot: true },
  { name: 'held-release', at: 'c/held', act: (ui) => ui.press('放行', 'Release', { first: true }) },
  { name: 'held-reject', at: 'c/held', act: (ui) => ui.press('驳回', 'Reject', { first: true }) },
  { name: 'conflicts', at: 'c/conflicts', act: (ui) => ui.press('都不对，另填', 'Neither; another value', { first: true }) },
  { name: 'suspects', at: 'c/suspects', shot: true },
  { name: 'judge', at: 'c/suspects', act: (ui) => ui.press('判定', 'Judge', { first: true }) },
  { name: 'judged', at: 'c/suspects?judged=true' },
  { name: 'suspects-photo', at: 'c/suspects', shot: true, act: (ui) => ui.page.locator('.picture-pair').first().scrollIntoViewIfNeeded() },
  { name: 'photos', at: 'c/photos', shot: 'both' },
  { name: 'photos-missing', at: 'c/photos?state=missing' },
  { name: 'photos-nothing', at: 'c/photos?q=nowhere-at-all' },
  { name: 'photo', at: 'c/photos?state=stored', act: (ui) => first(ui, '.tile-button') },
  { name: 'photo-stamped', at: 'c/photos?state=stored', shot: true, act: async (ui) => {
    await first(ui, '.tile-button')
    await ui.stands()
    await ui.press('水印照片', 'Stamped copy')
    await ui.page.locator('.large img').waitFor()
  } },
  { name: 'photo-refused', at: 'c/photos?state=refused', act: (ui) => first(ui, '.tile-button') },
  { name: 'album', at: 'c/photos', act: (ui) => ui.press('下载相册', 'Download album') },
  { name: 'contact-sheet', at: 'c/photos/print', shot: true },
  { name: 'event-photos', at: 'c/photos?state=refused', shot: true, act: async (ui) => {
    await first(ui, '.tile-button')
    await ui.page.locator('dialog[open] .fact a').first().click()
    await ui.stands()
    await ui.page.locator('.event .tiles').scrollIntoViewIfNeeded()
  } },
  { name: 'sheets', at: 'c/sheets' },
  { name: 'sheet', at: 'c/sheets', act: (ui) => first(ui, 'tbody a') },
  { name: 'sheet-edit', at: 'c/sheets', act: async (ui) => {
    await first(ui, 'tbody tr:has(.tag-info, .tag-waiting, .tag-neutral) a, tbody tr:last-child a')
    await ui.stands()
    await ui.press('修改', 'Edit', { first: true, optional: true })
  } },
  { name: 'handins', at: 'c/handins' },
  { name: 'handin', at: 'c/handins', act: (ui) => first(ui, '.handin-open') },
]

const settings = ['facts', 'state', 'lists', 'tasks', 'roster'].map((tab) => ({ name: 'settings-' + tab, at: 'c/settings?tab=' + tab }))

const setup = [
  ...settings,
  { name: 'settings-edit', at: 'c/settings?tab=facts', act: (ui) => ui.press('修改', 'Edit') },
  { name: 'settings-close', at: 'c/settings?tab=state', act: (ui) => ui.press('进入收尾', 'Begin closing') },
  { name: 'settings-item', at: 'c/settings?tab=lists', act: (ui) => ui.press('新增材料', 'Add an item') },
  { name: 'settings-task', at: 'c/settings?tab=tasks', act: (ui) => ui.press('新增任务', 'Add a task') },
  { name: 'settings-duty', at: 'c/settings?tab=roster', act: (ui) => ui.press('新增值班', 'Add a duty') },
  { name: 'campaigns', at: 'campaigns' },
  { name: 'campaign-new', at: 'campaigns/new' },
  { name: 'units', at: 'units', shot: true },
  { name: 'unit-edit', at: 'units', act: (ui) => ui.press('修改', 'Edit') },
  { name: 'unit-add', at: 'units', act: (ui) => ui.press('新增下级单位', 'Add a unit below') },
  { name: 'people', at: 'people' },
  { name: 'person-add', at: 'people', act: async (ui) => {
    await ui.press('新增人员', 'Add a person')
    await top(ui).getByRole('checkbox').check()
    await within(ui, '保存', 'Save')
    await top(ui).locator('.form-summary').waitFor()
  } },
  { name: 'person', at: 'people?role=head', act: (ui) => first(ui, 'tbody a') },
  ...[['person-edit', '修改', 'Edit'], ['person-end', '设为离任', 'Mark as left'], ['person-grant', '授予活动角色', 'Give a role in a campaign']].map(([name, zh, en]) => ({
    name, at: 'people?role=head', act: async (ui) => {
      await first(ui, 'tbody a')
      await ui.stands()
      await ui.press(zh, en)
    } })),
  { name: 'person-account', at: 'people?role=officer', act: async (ui) => {
    await first(ui, 'tbody a')
    await ui.stands()
    await ui.press('开通账号', 'Give an account')
    await within(ui, '生成一个', 'Suggest one')
  } },
  { name: 'audit', at: 'audit', shot: true },
  { name: 'audit-line', at: 'audit', act: (ui) => first(ui, 'tbody .row-opener') },
  { name: 'enrol', at: 'enrol' },
  { name: 'enrol-people', at: 'enrol', act: (ui) => ui.page.getByRole('radio').last().check() },
  { name: 'enrol-sheet', at: 'enrol', shot: true, act: async (ui) => {
    await ui.press('生成激活码', 'Make codes')
    await ui.page.locator('.pass').first().waitFor()
  } },
  { name: 'enrol-list', at: 'enrol?tab=list' },
  { name: 'enrol-cancel', at: 'enrol?tab=list&state=open', act: (ui) => ui.press('作废', 'Cancel', { first: true }) },
  { name: 'devices', at: 'devices', shot: true },
  { name: 'device', at: 'devices?state=forked', act: (ui) => first(ui, 'tbody .row-opener') },
  { name: 'templates', at: 'templates' },
  { name: 'template', at: 'templates/ningxia-2022' },
  { name: 'template-text', at: 'templates/heping-2020?tab=text' },
  { name: 'template-copy', at: 'templates/new?from=ningxia-2022', act: async (ui) => {
    await ui.press('检查', 'Check')
    await ui.page.locator('.form-paper').waitFor()
  } },
  { name: 'template-fault', at: 'templates/new?from=heping-2020', shot: true, refused: '400', act: async (ui) => {
    const text = ui.page.locator('textarea')
    await text.fill((await text.inputValue()).replace(/rule: \w+/, 'rule: guess'))
    await ui.press('检查', 'Check')
    await ui.page.locator('.code-bad').waitFor()
  } },
  { name: 'import', at: 'import' },
  { name: 'account', at: 'account' },
  { name: 'password', at: 'password' },
  { name: 'menu', at: 'units', act: (ui) => ui.page.locator('.top-tools [aria-haspopup]').click() },
  { name: 'missing', at: 'nowhere/at/all' },
  { name: 'missing-work', at: 'c/nowhere' },
]

export const screens = [...work, ...setup]
