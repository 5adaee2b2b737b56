/** The frame of the console: navigation, campaigns, who is signed in. */
import { texts } from '../texts'

export const t = texts({
  zh: {
    product: '3·15 活动填报汇总',
    'group.campaign': '本次活动', 'group.base': '基础资料', 'group.system': '管理',
    overview: '总览', table: '统计表', review: '审核', held: '暂存', conflicts: '冲突', suspects: '疑似重复', photos: '照片', sheets: '填报签认',
    handins: '报送清单', settings: '活动设置',
    units: '单位', people: '人员', enrol: '激活码', devices: '设备', campaigns: '活动', templates: '统计表模板', import: '导入手机文件',
    audit: '操作记录', account: '我的账号',
    'switch': '当前活动', signOut: '退出登录', password: '修改密码',
    'home.none': '开始使用', 'guide.units': '建立单位', 'guide.unitsNote': '牵头单位下的室、队、所', 'guide.people': '添加人员', 'guide.peopleNote': '外勤、单位负责人、审核人员和领导', 'guide.campaign': '新建活动', 'guide.campaignNote': '统计期、统计表模板和报送清单，核对后开放填报', 'guide.enrol': '发激活码', 'guide.enrolNote': '打印激活单，外勤人员用手机扫码激活',
    'home.noneLook': '管理员新建活动后，会显示在这里。',
    noRight: '您没有这项权限', 'noRight.text': '如果工作需要，请联系本单位管理员开通。',
    'start.failed': '暂时进不去', missing: '没有这个页面', 'missing.text': '地址可能写错了，或者内容已经移走。', 'missing.home': '回到首页',

  },
  en: {
    product: '3·15 campaign returns',
    'group.campaign': 'This campaign', 'group.base': 'Records', 'group.system': 'Administration',
    overview: 'Overview', table: 'Table', review: 'Review', held: 'Held back', conflicts: 'Conflicts', suspects: 'Possible duplicates', photos: 'Photos', sheets: 'Sheets',
    handins: 'Hand-ins', settings: 'Campaign settings',
    units: 'Units', people: 'People', enrol: 'Activation codes', devices: 'Phones', campaigns: 'Campaigns', templates: 'Table templates', import: 'Import a phone file',
    audit: 'Audit trail', account: 'My account',
    'switch': 'Campaign', signOut: 'Sign out', password: 'Change password',
    'home.none': 'First steps', 'guide.units': 'Set up units', 'guide.unitsNote': 'Teams and stations below the collecting office', 'guide.people': 'Add people', 'guide.peopleNote': 'Field officers, heads, reviewers and leaders', 'guide.campaign': 'Make a campaign', 'guide.campaignNote': 'Period, tables and hand-ins; check, then open it', 'guide.enrol': 'Give out activation codes', 'guide.enrolNote': 'Print the sheet; officers scan it with their phones',
    'home.noneLook': 'Campaigns appear here once an administrator has set them up.',
    noRight: 'This is not open to you', 'noRight.text': 'If your work needs it, ask your administrator.',
    'start.failed': 'Not available just now', missing: 'There is no such page', 'missing.text': 'The address may be misspelt, or the page has moved.', 'missing.home': 'Go to the start page',

  },
})
