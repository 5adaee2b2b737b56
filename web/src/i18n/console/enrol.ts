/** Activation codes: giving them out, the printed sheet, the list. */
import { texts } from '../texts'

export const t = texts({
  zh: {
    title: '激活码', note: '每人一个，只能用一次。外勤人员扫码后，手机就绑定到本人。',
    tabs: '激活码', make: '发放', list: '已发放',
    who: '发给谁', 'who.unit': '一个单位及其下级的全部填报人员', 'who.people': '指定人员', unit: '单位', allUnits: '全部单位',
    find: '按姓名查找', people: '可选人员', chosen: '已选 {n} 人', name: '姓名', role: '角色', phones: '手机', open: '可用激活码',
    days: '有效天数', daysUnit: '天', daysHint: '到期未用自动作废', do: '生成激活码', nobody: '请至少选择一人',
    'sheet.title': '激活单', 'sheet.once': '激活码只显示这一次', 'sheet.onceText': '请现在打印。离开本页后看不到明文；如有遗失，作废后重新发放即可。',
    'sheet.count': '共 {n} 张，{when}前有效', 'sheet.print': '打印', 'sheet.done': '完成', 'sheet.skipped': '有 {n} 人的权限超出您的管理范围，没有生成：{names}。', leave: '激活单还没有打印', leaveText: '离开后激活码不再显示。', leaveDo: '离开',
    'card.code': '激活码', 'card.until': '{when}前有效，仅限本人使用一次',
    'card.step1': '用手机相机扫描二维码，用浏览器打开', 'card.step2': '点“激活”；扫不了码时，在激活页输入激活码', 'card.step3': '核对姓名和单位，按提示添加到主屏幕',
    'card.wechat': '在微信里打开时，请点右上角“···”，选“在浏览器打开”。', 'qr.alt': '{name}的激活二维码',
    state: '状态', allStates: '全部状态', 'state.open': '待使用', 'state.used': '已使用', 'state.over': '已失效', 'state.cancelled': '已作废', 'state.expired': '已过期', 'state.left': '人员已离任',
    made: '发放时间', until: '有效期至', used: '使用时间', cancel: '作废', cancelTitle: '作废{name}的激活码', cancelBody: '作废后，这个激活码不能再使用。已激活的手机不受影响。', cancelled: '激活码已作废',
    none: '还没有发放过激活码', noneMatch: '没有符合条件的激活码',
  },
  en: {
    title: 'Activation codes', note: 'One for each person, good once. Scanning it binds the phone to its owner.',
    tabs: 'Activation codes', make: 'Give out', list: 'Given out',
    who: 'For whom', 'who.unit': 'Everybody who records in a unit and below', 'who.people': 'Chosen people', unit: 'Unit', allUnits: 'All units',
    find: 'Find by name', people: 'People to choose from', chosen: { one: '{n} person chosen', other: '{n} people chosen' }, name: 'Name', role: 'Role', phones: 'Phones', open: 'Open codes',
    days: 'Good for', daysUnit: 'days', daysHint: 'Void after that unless used', do: 'Make codes', nobody: 'Choose at least one person',
    'sheet.title': 'Activation sheet', 'sheet.once': 'The codes are shown this once', 'sheet.onceText': 'Print them now. They cannot be seen again; one that was lost is cancelled and given out anew.',
    'sheet.count': { one: '{n} card, good until {when}', other: '{n} cards, good until {when}' }, 'sheet.print': 'Print', 'sheet.done': 'Done', 'sheet.skipped': { one: '{n} person has rights beyond yours and got no code: {names}.', other: '{n} people have rights beyond yours and got no code: {names}.' }, leave: 'The sheet was not printed yet', leaveText: 'The codes are not shown again.', leaveDo: 'Leave',
    'card.code': 'Code', 'card.until': 'Good once, for its owner, until {when}',
    'card.step1': 'Scan the code with the phone’s camera and open it in the browser', 'card.step2': 'Press “Activate”; if scanning fails, type the code there', 'card.step3': 'Check name and unit, then add the app to the home screen',
    'card.wechat': 'In WeChat: press “···” at the top right, then “Open in browser”.', 'qr.alt': 'Activation code of {name}',
    state: 'State', allStates: 'All states', 'state.open': 'Open', 'state.used': 'Used', 'state.over': 'Over', 'state.cancelled': 'Cancelled', 'state.expired': 'Expired', 'state.left': 'Person has left',
    made: 'Given out', until: 'Good until', used: 'Used', cancel: 'Cancel', cancelTitle: 'Cancel the code of {name}', cancelBody: 'The code cannot be used any more. A phone that was activated already is not concerned.', cancelled: 'Code cancelled',
    none: 'No codes given out yet', noneMatch: 'No code matches',
  },
})
