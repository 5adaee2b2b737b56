/** The audit trail, the import of a phone's file, and one's own account. */
import { texts } from '../texts'

export const t = texts({
  zh: {
    title: '操作记录', note: '办公室的每一次操作都由服务器签名留存，不能修改或删除。',
    who: '操作人', allPeople: '全部人员', op: '操作', allOps: '全部操作', campaign: '活动', allCampaigns: '全部活动', unit: '单位', allUnits: '全部单位', from: '从', to: '到', clear: '清除条件',
    at: '时间', what: '操作', about: '对象', reason: '原因', none: '没有符合条件的记录', line: '签名原文', lineNote: '日志 {log} 第 {seq} 行，按签名时的原样显示。', copy: '复制', copied: '已复制', 'login.given': '开通账号或重置密码', 'login.taken': '停用账号', 'login.changed': '修改本人密码', colon: '：', toRecord: '查看记录', system: '系统',
    'op.event.put': '修改场次', 'op.goods.put': '修改物品', 'op.photo.put': '修改照片说明', 'op.sheet.put': '修改填报表', 'op.tally.add': '更正计数', 'op.goods.move': '更正物品数量', 'op.review.accept': '审核通过', 'op.review.return': '退回', 'op.review.issues': '标记有问题', 'op.review.comment': '批注', 'op.review.reopen': '撤回审核',
    'op.held.release': '放行暂存', 'op.held.reject': '拒绝暂存', 'op.dup.judge': '判定疑似重复', 'op.dup.undo': '撤销重复判定', 'op.record.move': '改归属单位', 'op.campaign.state': '改变活动状态', 'op.campaign.amend': '开启更正',
    'op.rights.grant': '授予权限', 'op.rights.end': '结束权限', 'op.admin.put': '修改设置', 'op.enrol.add': '发放激活码', 'op.enrol.cancel': '作废激活码', 'op.office.note': '其他操作',
    'kind.unit': '单位', 'kind.officer': '人员', 'kind.campaign': '活动', 'kind.template': '模板', 'kind.handin': '报送材料', 'kind.task': '任务', 'kind.roster': '值班', 'kind.reminder': '催报', 'kind.receipt': '材料登记', 'kind.device': '设备', 'kind.event': '场次', 'kind.lot': '物品', 'kind.photo': '照片', 'kind.sheet': '填报表', 'kind.credential': '登录账号', 'kind.export': '导出统计表', 'kind.import': '导入手机文件', 'kind.enrolment': '激活码',
    importTitle: '导入手机文件', importNote: '手机无法联网时，在手机“上传中心”导出文件，用数据线或微信传到电脑后在这里导入。', file: '手机导出的文件', fileHint: '可多选；大文件由浏览器自动分段上传', importDo: '导入', importing: '正在导入第 {n} / {total} 段', importText: '逐条核对手机签名，按手机本人的权限计入；重复导入不会重复计数。',
    result: '导入结果', 'r.file': '文件', 'r.from': '起始', 'r.lines': '记录', 'r.new': '新增', 'r.held': '暂存', 'r.rejected': '未采纳', 'r.dup': '重复', 'r.result': '结果', 'r.ok': '已计入', 'r.nothing': '此前已有', 'r.fault': '未导入',
    'r.sum': '共 {lines} 条记录，新增 {fresh} 条，暂存 {held} 条。', 'r.failed': '{n} 段没有导入', unreadable: '“{name}”不是手机导出的文件', badFile: '“{name}”里有一段超过 1 MB，文件可能已损坏', damaged: '文件已损坏，或不是手机导出的文件。', partly: '前面的部分已经导入，可以直接重新导入整个文件。',
    'why.gap': '缺少前面的记录，请先导入更早的文件', 'why.fork': '与服务器已有的记录不一致，请联系管理员核对该手机', 'why.bad_signature': '签名不对，文件被改动过', 'why.bad_hash': '内容校验不符，文件已损坏', 'why.bad_header': '文件格式不对', 'why.unknown_device': '没有登记过这部手机',
    account: '我的账号', accountNote: '姓名、单位和角色由管理员维护。', mine: '我的权限', role: '角色', everyCampaign: '所有活动', password: '修改密码', about_: '系统', version: '版本', docs: '接口文档',
  },
  en: {
    title: 'Audit trail', note: 'Whatever the office does is signed and kept by the server; nothing is changed or deleted.',
    who: 'By', allPeople: 'Everybody', op: 'Action', allOps: 'All actions', campaign: 'Campaign', allCampaigns: 'All campaigns', unit: 'Unit', allUnits: 'All units', from: 'From', to: 'To', clear: 'Clear filters',
    at: 'When', what: 'Action', about: 'About', reason: 'Reason', none: 'Nothing matches', line: 'Line as signed', lineNote: 'Log {log}, line {seq}, as it was signed.', copy: 'Copy', copied: 'Copied', 'login.given': 'Gave an account or password', 'login.taken': 'Took an account away', 'login.changed': 'Changed their own password', colon: ': ', toRecord: 'Open the record', system: 'System',
    'op.event.put': 'Changed an event', 'op.goods.put': 'Changed goods', 'op.photo.put': 'Changed a photo’s caption', 'op.sheet.put': 'Changed a sheet', 'op.tally.add': 'Corrected a count', 'op.goods.move': 'Corrected goods', 'op.review.accept': 'Accepted', 'op.review.return': 'Returned', 'op.review.issues': 'Marked issues', 'op.review.comment': 'Commented', 'op.review.reopen': 'Reopened',
    'op.held.release': 'Released a held line', 'op.held.reject': 'Rejected a held line', 'op.dup.judge': 'Judged duplicates', 'op.dup.undo': 'Undid a verdict', 'op.record.move': 'Moved to another unit', 'op.campaign.state': 'Changed a campaign’s state', 'op.campaign.amend': 'Opened an amendment',
    'op.rights.grant': 'Gave rights', 'op.rights.end': 'Ended rights', 'op.admin.put': 'Changed settings', 'op.enrol.add': 'Gave out codes', 'op.enrol.cancel': 'Cancelled a code', 'op.office.note': 'Other action',
    'kind.unit': 'Unit', 'kind.officer': 'Person', 'kind.campaign': 'Campaign', 'kind.template': 'Template', 'kind.handin': 'Hand-in', 'kind.task': 'Task', 'kind.roster': 'Duty', 'kind.reminder': 'Reminder', 'kind.receipt': 'Receipt', 'kind.device': 'Phone', 'kind.event': 'Event', 'kind.lot': 'Goods', 'kind.photo': 'Photo', 'kind.sheet': 'Sheet', 'kind.credential': 'Account', 'kind.export': 'Table exported', 'kind.import': 'Phone file imported', 'kind.enrolment': 'Code',
    importTitle: 'Import a phone file', importNote: 'For a phone that cannot go online: export a file in its outbox, bring it to this computer, import it here.', file: 'Files from phones', fileHint: 'Several at once; the browser sends a large file in pieces', importDo: 'Import', importing: 'Importing piece {n} of {total}', importText: 'Every line is checked against the phone’s signature and counts with its owner’s rights; importing twice counts once.',
    result: 'Result', 'r.file': 'File', 'r.from': 'From', 'r.lines': 'Lines', 'r.new': 'New', 'r.held': 'Held back', 'r.rejected': 'Rejected', 'r.dup': 'Duplicate', 'r.result': 'Result', 'r.ok': 'Taken', 'r.nothing': 'Known already', 'r.fault': 'Not taken',
    'r.sum': '{lines} lines in all, {fresh} new, {held} held back.', 'r.failed': { one: '{n} batch was not taken', other: '{n} batches were not taken' }, unreadable: '“{name}” is no file from a phone', badFile: 'A batch in “{name}” is larger than 1 MB: the file may be damaged', damaged: 'The file is damaged, or was not exported by a phone. ', partly: 'What came before was imported. The whole file can be imported again.',
    'why.gap': 'Earlier lines are missing: import the earlier file first', 'why.fork': 'The server holds other lines here: look into this phone', 'why.bad_signature': 'The signature is wrong: the file was altered', 'why.bad_hash': 'The checksums are wrong: the file is damaged', 'why.bad_header': 'The format is wrong', 'why.unknown_device': 'This phone is not known here',
    account: 'My account', accountNote: 'Name, unit and role are kept by administrators.', mine: 'My rights', role: 'Role', everyCampaign: 'All campaigns', password: 'Change password', about_: 'System', version: 'Version', docs: 'API documents',
  },
})

type Key = keyof typeof t.zh

/** ops are all actions that the trail knows, for a filter. */
export const ops: readonly string[] = Object.keys(t.zh).filter((key) => key.startsWith('op.')).map((key) => key.slice(3))

/** opWord and kindWord name wire words; new ones are shown as they are. */
export const opWord = (op: string): string => known('op.' + op) ?? op
export const kindWord = (kind: string): string => known('kind.' + kind) ?? kind

/** whyWord says why a batch was not taken, if there is a word for it. */
export const whyWord = (code: string): string | undefined => known('why.' + code)

function known(key: string): string | undefined {
  return key in t.zh ? t(key as Extract<Key, 'title'>) : undefined
}
