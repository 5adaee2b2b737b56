/** The units' sheets and what they hand in. */
import { texts } from '../texts'

export const t = texts({
  zh: {
    title: '填报签认', note: '每个单位一份：填报完成 → 负责人签认 → 审核通过。撤回按相反顺序。', empty: '这里没有参加活动的单位', col: '单位', 'col.step': '进度', 'col.filled': '填报人', 'col.phone': '联系电话', 'col.flags': '提示', late: '已逾期', changed: '签认后有改动', changedText: '负责人签认之后，填报表又有改动，原签认已失效。', changedAgain: '请核对后重新签认。', conflict: '有冲突', openNext: '查看',
    's.filling': '填报', 's.completed': '填报完成', 's.approved': '负责人签认', 's.accepted': '审核通过', 's.done': '已完成', 's.not': '未完成', 'detail': '{unit}填报表',
    'act.complete': '填报完成', 'act.approve': '负责人签认', 'act.accept': '审核通过', 'act.return': '退回', 'act.comment': '批注', 'undo.complete': '撤回填报完成', 'undo.approve': '撤回签认', 'undo.accept': '撤销通过',
    'done.complete': '已标记填报完成', 'done.approve': '已签认', 'done.accept': '填报表已通过', 'done.return': '填报表已退回', 'done.comment': '批注已记录', 'undone': '已撤回',
    'wait.complete': '等单位填报完成', 'wait.approve': '等负责人签认', 'wait.review': '等办公室审核', 'wait.none': '全部完成', 'wait.returned': '已退回，等单位修改',
    'approve.title': '负责人签认', 'approve.text': '签认表示对本单位填报内容负责，签认后仍可撤回。', 'accept.title': '审核通过填报表', 'accept.unsigned': '负责人还没有签认。', 'return.title': '退回填报表', 'return.text': '原因会显示在该单位的手机上。', 'undo.title': '撤回', 'undo.text': '撤回后，进度退到上一步。', 'comment.title': '批注',
    texts: '文字内容', 'texts.edit': '修改', 'texts.save': '保存', 'texts.saved': '填报表已保存', 'texts.none': '还没有填写。', 'filled_by': '填报人', phone: '联系电话', remarks: '备注', 'texts.locked': '审核通过后不能修改，请先撤销通过。', 'texts.hint': '列入统计表“{label}”栏', conflicts: '填报冲突', review: '审核情况', comments: '批注', history: '修改历史', unit: '单位',
    'h.title': '报送清单', 'h.note': '各单位报送事项：电子版与盖章纸质版。', 'h.item': '报送内容', 'h.due': '{when} 截止', 'h.empty': '没有设置报送事项', 'h.emptyText': '在“活动设置”中添加统计表、总结、照片等报送事项和期限。', 'h.settings': '活动设置', 'h.noUnits': '这里没有参加活动的单位', 'h.electronic': '电子版', 'h.paper': '纸质版',
    'h.got': '{when}收到', 'h.missing': '未交', 'h.late': '逾期', 'h.both': '已齐', 'h.edit': '登记', 'h.editTitle': '{unit}：{item}', 'h.gotE': '已收到电子版', 'h.gotP': '已收到盖章纸质版', 'h.at': '收到时间', 'h.noteLabel': '备注', 'h.save': '登记', 'h.saved': '已登记', 'h.legend': '电 = 电子版，纸 = 盖章纸质版', 'h.e': '电', 'h.p': '纸', 'h.count': '已交 {done} / {total}', 'h.open': '登记：{unit}，{item}',
  },
  en: {
    title: 'Sheets', note: 'One per unit: completed → signed by the head → accepted. Undoing goes the other way round.', empty: 'No units take part here', col: 'Unit', 'col.step': 'Progress', 'col.filled': 'Filled in by', 'col.phone': 'Telephone', 'col.flags': 'Look at', late: 'late', changed: 'changed since signed', changedText: 'The sheet was changed after the head signed it, so that signature holds no more.', changedAgain: 'Look at it and sign it anew.', conflict: 'conflict', openNext: 'Open',
    's.filling': 'Filling in', 's.completed': 'Completed', 's.approved': 'Signed', 's.accepted': 'Accepted', 's.done': 'done', 's.not': 'not yet', 'detail': 'Sheet of {unit}',
    'act.complete': 'Complete', 'act.approve': 'Sign as head', 'act.accept': 'Accept', 'act.return': 'Return', 'act.comment': 'Comment', 'undo.complete': 'Undo completion', 'undo.approve': 'Undo signature', 'undo.accept': 'Undo acceptance',
    'done.complete': 'Marked as completed', 'done.approve': 'Signed', 'done.accept': 'Sheet accepted', 'done.return': 'Sheet returned', 'done.comment': 'Comment saved', 'undone': 'Undone',
    'wait.complete': 'The unit is filling it in', 'wait.approve': "Waits for the head's signature", 'wait.review': 'Waits for the office', 'wait.none': 'All done', 'wait.returned': "Returned: the unit's turn",
    'approve.title': 'Sign as head', 'approve.text': 'Signing takes responsibility for what the unit recorded. It can be undone.', 'accept.title': 'Accept the sheet', 'accept.unsigned': 'The head has not signed yet.', 'return.title': 'Return the sheet', 'return.text': "The reason shows on the unit's phones.", 'undo.title': 'Undo', 'undo.text': 'The sheet goes back one step.', 'comment.title': 'Comment',
    texts: 'Texts', 'texts.edit': 'Edit', 'texts.save': 'Save', 'texts.saved': 'Sheet saved', 'texts.none': 'Nothing filled in yet.', 'filled_by': 'Filled in by', phone: 'Telephone', remarks: 'Remarks', 'texts.locked': 'An accepted sheet is not edited; undo the acceptance first.', 'texts.hint': 'Goes into “{label}” of the table', conflicts: 'Conflicts', review: 'Review', comments: 'Comments', history: 'History', unit: 'Unit',
    'h.title': 'Hand-ins', 'h.note': 'What each unit hands in: the file, and the stamped paper.', 'h.item': 'Hand-in', 'h.due': 'due {when}', 'h.empty': 'No hand-ins are set up', 'h.emptyText': 'Add the table, the summary, photos and their deadlines in the campaign settings.', 'h.settings': 'Campaign settings', 'h.noUnits': 'No units take part here', 'h.electronic': 'File', 'h.paper': 'Paper',
    'h.got': 'received {when}', 'h.missing': 'missing', 'h.late': 'late', 'h.both': 'complete', 'h.edit': 'Note', 'h.editTitle': '{unit}: {item}', 'h.gotE': 'File received', 'h.gotP': 'Stamped paper received', 'h.at': 'Received at', 'h.noteLabel': 'Note', 'h.save': 'Save', 'h.saved': 'Noted', 'h.legend': 'F = file, P = stamped paper', 'h.e': 'F', 'h.p': 'P', 'h.count': '{done} / {total} in', 'h.open': 'Note: {unit}, {item}',
  },
})
