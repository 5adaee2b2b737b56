/** Phones, and what is known of them. */
import { texts } from '../texts'

export const t = texts({
  zh: {
    title: '设备', note: '手机上的内容，办公室只知道到最近联系为止。',
    find: '按手机或人员姓名查找', state: '状态', all: '全部状态', allUnits: '全部单位', unit: '单位',
    owing: '有未传', silent: '超过一天未联系', revoked: '已停用', forked: '数据分叉',
    phone: '手机', person: '人员', heard: '最近联系', owes: '还欠', clock: '手机时钟', held: '暂存', enrolled: '激活时间', platform: '系统', lines: '已收记录',
    unnamed: '未命名手机', never: '从未联系', lastHeard: '最近联系 {when}', owesLines: '记录 {n} 条', owesPhotos: '照片 {n} 张', owesNone: '无', originals: '照片原件', originalsOf: '已登记 {n} 张', originalsMissing: '原件未到 {n} 张', originalsRefused: '已隔离 {n} 张',
    good: '正常', behind: '缺失确认', epochs: '安装次数',
    'why.owing': '手机已声明但还没有传到。请联系本人联网并打开应用。', 'why.forked': '手机从备份恢复过，或被克隆。各份记录都已保留，请在暂存和冲突中核对。',
    'why.behind': '手机收到过服务器现在没有的确认，服务器可能恢复过备份。请让手机联网，它会把记录补传上来。', 'why.revoked': '停用后到达的记录会暂存，等待审核人员处理。', 'why.silent': '超过一天没有联系，手机上可能还有未上传的内容。',
    'why.clock': '手机时钟偏差较大，系统已按服务器时间校正；请提醒本人校准。',
    none: '没有符合条件的设备', noneText: '发出激活码、在手机上激活后，设备会显示在这里。', toEnrol: '发激活码',
    rename: '修改名称', name: '设备名称', nameHint: '便于辨认，如“王芳的华为”', renamed: '名称已修改',
    revoke: '停用', revokeTitle: '停用这部手机', revokeBody: '手机丢失或换人时使用。停用后，它不能再同步；如果之后还有记录到达，会先暂存，由审核人员决定。', revokeDone: '手机已停用',
    restore: '恢复使用', restoreTitle: '恢复这部手机', restoreBody: '恢复后可以继续同步；停用期间到达的暂存记录会重新处理。', restoreDone: '手机已恢复',
    toHeld: '查看暂存记录',
  },
  en: {
    title: 'Phones', note: 'What a phone holds is known up to its last contact only.',
    find: 'Find by phone or person', state: 'State', all: 'All states', allUnits: 'All units', unit: 'Unit',
    owing: 'Owes something', silent: 'Silent for a day', revoked: 'Revoked', forked: 'Forked',
    phone: 'Phone', person: 'Person', heard: 'Last heard', owes: 'Owes', clock: 'Clock', held: 'Held back', enrolled: 'Activated', platform: 'System', lines: 'Lines received',
    unnamed: 'Unnamed phone', never: 'Never heard of', lastHeard: 'Last heard {when}', owesLines: { one: '{n} line', other: '{n} lines' }, owesPhotos: { one: '{n} photo', other: '{n} photos' }, owesNone: 'Nothing', originals: 'Originals', originalsOf: { one: '{n} registered', other: '{n} registered' }, originalsMissing: { one: '{n} original not here', other: '{n} originals not here' }, originalsRefused: '{n} quarantined',
    good: 'In order', behind: 'Lacks confirmations', epochs: 'Installations',
    'why.owing': 'The phone declared more than has arrived. Ask its owner to go online and open the app.', 'why.forked': 'The phone was restored from a backup or cloned. Both histories are kept: look at what is held back and at conflicts.',
    'why.behind': 'The phone knows confirmations that the server lacks: the server may have been restored. Let the phone go online; it sends what is missing.', 'why.revoked': 'What arrives from now on is held back for the reviewers.', 'why.silent': 'Not heard of for a day: something may still be on it.',
    'why.clock': 'The clock is off. Times are corrected by the server’s; ask the owner to set it.',
    none: 'No phone matches', noneText: 'Phones appear here once they were activated with a code.', toEnrol: 'Give out codes',
    rename: 'Rename', name: 'Name of the phone', nameHint: 'So that it is recognised, such as “Wang Fang’s phone”', renamed: 'Renamed',
    revoke: 'Revoke', revokeTitle: 'Revoke this phone', revokeBody: 'For a phone that was lost or changed hands. It cannot sync any more; what still arrives from it is held back for the reviewers.', revokeDone: 'Phone revoked',
    restore: 'Restore', restoreTitle: 'Restore this phone', restoreBody: 'It may sync again; what was held back meanwhile is processed anew.', restoreDone: 'Phone restored',
    toHeld: 'See what is held back',
  },
})
