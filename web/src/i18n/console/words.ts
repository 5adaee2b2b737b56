/** Words that several areas share. */
import { texts } from '../texts'

const t = texts({
  zh: {
    'role.officer': '外勤人员', 'role.head': '单位负责人', 'role.reviewer': '审核人员', 'role.leader': '分管领导', 'role.admin': '管理员', 'role.reader': '只读人员',
    'state.draft': '筹备', 'state.open': '进行中', 'state.closing': '收尾', 'state.closed': '已截止', 'state.frozen': '已冻结',
  },
  en: {
    'role.officer': 'field officer', 'role.head': 'unit head', 'role.reviewer': 'reviewer', 'role.leader': 'leader', 'role.admin': 'administrator', 'role.reader': 'read only',
    'state.draft': 'Draft', 'state.open': 'Open', 'state.closing': 'Closing', 'state.closed': 'Closed', 'state.frozen': 'Frozen',
  },
})

export const roleWord = (role: 'officer' | 'head' | 'reviewer' | 'leader' | 'admin' | 'reader'): string => t(`role.${role}`)
export const stateWord = (state: 'draft' | 'open' | 'closing' | 'closed' | 'frozen'): string => t(`state.${state}`)
