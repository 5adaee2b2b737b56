/** The tree of units. */
import { texts } from '../texts'

export const t = texts({
  zh: {
    title: '单位', note: '从牵头单位到室、队、所。编码决定在表中的排列顺序。',
    tree: '单位树', add: '新增下级单位', addRoot: '新增顶层单位', edit: '修改', find: '按名称或编码查找', found: '查找结果', noneFound: '没有符合条件的单位',
    name: '单位名称', nameHint: '会印在统计表和激活码上，请写全称', code: '编码', codeHint: '不能重复，如 01、0102', parent: '上级单位', parentHint: '改动后连同下级一起移动', top: '（顶层，无上级）',
    children: '下级单位', officers: '人员', people: '查看人员', devices: '查看设备', enrol: '发激活码',
    choose: '在左侧选择单位', added: '已新增{name}', changed: '已保存', people_n: '{n} 人',
    'edit.title': '修改{name}', 'add.title': '在{name}下新增单位',
  },
  en: {
    title: 'Units', note: 'From the collecting office down to teams and stations. The code decides the order in tables.',
    tree: 'Tree of units', add: 'Add a unit below', addRoot: 'Add a top unit', edit: 'Edit', find: 'Find by name or code', found: 'Found', noneFound: 'No unit matches',
    name: 'Name', nameHint: 'Printed on tables and activation sheets: the full name', code: 'Code', codeHint: 'Unique, such as 01 or 0102', parent: 'Parent unit', parentHint: 'A change moves all units below too', top: '(top, no parent)',
    children: 'Units below', officers: 'People', people: 'See people', devices: 'See phones', enrol: 'Give out codes',
    choose: 'Choose a unit on the left', added: '{name} added', changed: 'Saved', people_n: { one: '{n} person', other: '{n} people' },
    'edit.title': 'Edit {name}', 'add.title': 'New unit below {name}',
  },
})
