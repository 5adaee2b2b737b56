/** Words that several areas of the console share: states and roles by their wire values, names of buttons. */
import { texts } from '../texts'

export const t = texts({
  zh: {
    'role.officer': '外勤人员', 'role.head': '单位负责人', 'role.reviewer': '审核人员', 'role.leader': '分管领导', 'role.admin': '管理员', 'role.reader': '只读人员',
    'state.draft': '筹备', 'state.open': '进行中', 'state.closing': '收尾', 'state.closed': '已截止', 'state.frozen': '已冻结',
    act: '操作', edit: '修改', add: '新增', all: '全部', never: '从未', saved: '已保存', copy: '复制', copied: '已复制', listOf: '{name}列表',
  },
  en: {
    'role.officer': 'Field officer', 'role.head': 'Unit head', 'role.reviewer': 'Reviewer', 'role.leader': 'Leader', 'role.admin': 'Administrator', 'role.reader': 'Read only',
    'state.draft': 'Draft', 'state.open': 'Open', 'state.closing': 'Closing', 'state.closed': 'Closed', 'state.frozen': 'Frozen',
    act: 'Actions', edit: 'Edit', add: 'Add', all: 'All', never: 'Never', saved: 'Saved', copy: 'Copy', copied: 'Copied', listOf: 'List: {name}',
  },
})

/** roleWord names a role, stateWord a campaign's state; a value that this version does not know is shown as it is. */
export const roleWord = (role: string): string => word('role.' + role)
export const stateWord = (state: string): string => word('state.' + state)

function word(key: string): string {
  return key in t.zh ? t(key as 'all') : key.slice(key.indexOf('.') + 1)
}
