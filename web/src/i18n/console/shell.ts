/** The frame of the console: navigation, campaigns, who is signed in. */
import { texts } from '../texts'

export const t = texts({
  zh: {
    product: '3·15 活动填报汇总',
    'group.campaign': '本次活动', 'group.base': '基础资料', 'group.system': '管理',
    overview: '总览', table: '统计表', review: '审核', held: '暂存', conflicts: '冲突', suspects: '疑似重复', sheets: '填报签认',
    handins: '报送清单', settings: '活动设置',
    units: '单位', people: '人员', enrol: '激活码', devices: '设备', campaigns: '活动', templates: '统计表模板', import: '导入手机文件',
    audit: '操作记录', account: '我的账号',
    'switch': '当前活动', me: '{name}的账号', signOut: '退出登录', password: '修改密码',
    'home.none': '还没有活动', 'home.noneText': '先建立单位和人员，再新建一次活动。', 'home.noneLook': '管理员新建活动后，会显示在这里。',
    'home.new': '新建活动', 'home.choose': '选择活动',
    'start.failed': '暂时进不去', missing: '没有这个页面', 'missing.text': '地址可能写错了，或者内容已经移走。', 'missing.home': '回到首页',
    'col.title': '活动名称', 'col.year': '年份', 'col.window': '统计期', 'col.state': '状态',
  },
  en: {
    product: '3·15 campaign returns',
    'group.campaign': 'This campaign', 'group.base': 'Records', 'group.system': 'Administration',
    overview: 'Overview', table: 'Table', review: 'Review', held: 'Held back', conflicts: 'Conflicts', suspects: 'Possible duplicates', sheets: 'Sheets',
    handins: 'Hand-ins', settings: 'Campaign settings',
    units: 'Units', people: 'People', enrol: 'Activation codes', devices: 'Phones', campaigns: 'Campaigns', templates: 'Table templates', import: 'Import a phone file',
    audit: 'Audit trail', account: 'My account',
    'switch': 'Campaign', me: 'Account of {name}', signOut: 'Sign out', password: 'Change password',
    'home.none': 'There is no campaign yet', 'home.noneText': 'Set up units and people first, then a campaign.', 'home.noneLook': 'Campaigns appear here once an administrator has set them up.',
    'home.new': 'New campaign', 'home.choose': 'Choose a campaign',
    'start.failed': 'Not available just now', missing: 'There is no such page', 'missing.text': 'The address may be misspelt, or the page has moved.', 'missing.home': 'Go to the start page',
    'col.title': 'Campaign', 'col.year': 'Year', 'col.window': 'Counting period', 'col.state': 'State',
  },
})
