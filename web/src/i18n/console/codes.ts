/** The words for the codes of the protocol, each under area.code. An unknown code is shown as it is: nothing is lost. */
import { lang } from '../lang'
import { fill, texts } from '../texts'

const t = texts({
  zh: {
    'state.waiting': '待审核', 'state.received': '待审核', 'state.edited': '修改待审', 'state.issues': '有问题', 'state.returned': '已退回', 'state.accepted': '已通过', 'state.back': '退回待改', 'state.unaccepted': '未通过',
    'campaign.draft': '筹备', 'campaign.open': '进行中', 'campaign.closing': '收尾', 'campaign.closed': '已截止', 'campaign.frozen': '已冻结',
    'kind.visit': '送法', 'kind.consultation': '咨询活动', 'kind.briefing': '新闻发布', 'kind.open_day': '开放活动', 'kind.meeting': '会议',
    'kind.destruction': '集中销毁', 'kind.inspection': '专项检查', 'kind.media': '媒体宣传', 'kind.duty': '值守接诉', 'kind.other': '其他',
    'venue.enterprise': '企业', 'venue.community': '社区', 'venue.village': '农村', 'venue.township': '乡镇', 'venue.scenic': '景区',
    'venue.school': '学校', 'venue.market': '市场', 'venue.mall': '商场', 'venue.supermarket': '超市', 'venue.square': '广场',
    'venue.street': '街道', 'venue.office': '机关', 'venue.industry': '行业', 'venue.online': '网络', 'venue.other': '其他',
    'channel.tv': '电视', 'channel.radio': '广播', 'channel.press': '报刊', 'channel.web': '网络', 'channel.own_media': '自媒体', 'channel.outdoor': '户外',
    'form.programme': '专题节目', 'form.column': '专栏', 'form.article': '文章', 'form.film': '宣传片', 'form.psa': '公益广告', 'form.post': '图文短视频',
    'form.warning': '消费警示', 'form.case': '典型案例', 'form.leaflet': '宣传材料',
    'meeting_type.forum': '座谈会', 'meeting_type.briefing': '通报会', 'meeting_type.exchange': '交流会', 'meeting_type.training': '培训会', 'meeting_type.other': '其他会议',
    'record.event': '场次', 'record.lot': '涉案物品', 'record.photo': '照片', 'record.sheet': '填报表',
    'category.food': '食品', 'category.drink': '饮料', 'category.alcohol_tobacco': '烟酒', 'category.health_food': '保健食品', 'category.drug': '药品',
    'category.medical_device': '医疗器械', 'category.cosmetic': '化妆品', 'category.household': '日用品', 'category.appliance': '电器',
    'category.clothing': '服装', 'category.toy': '玩具', 'category.stationery': '文具', 'category.cable': '电线电缆', 'category.auto_part': '汽车配件',
    'category.building': '建材', 'category.farm_input': '农资', 'category.epidemic': '防疫用品', 'category.other': '其他',
    'field.kind': '类型', 'field.venue': '场所', 'field.title': '名称', 'field.started_at': '开始时间', 'field.ended_at': '结束时间', 'field.place': '地点',
    'field.lat': '纬度', 'field.lng': '经度', 'field.accuracy': '定位精度（米）', 'field.large': '大型活动', 'field.urgent': '重大情况', 'field.notes': '备注',
    'field.no_commercial': '无商业活动', 'field.meeting_type': '会议类型', 'field.leaders': '党政领导', 'field.operators': '经营者', 'field.experts': '专家、律师',
    'field.consumers': '消费者', 'field.banners': '条幅', 'field.led_slogans': '电子屏标语', 'field.boards': '展板', 'field.staff': '工作人员', 'field.join': '加入码',
    'field.completed': '填报完成', 'field.deleted': '删除', 'field.channel': '媒体', 'field.form': '形式', 'field.outlet': '媒体名称', 'field.programme': '栏目',
    'field.content': '内容', 'field.first_aired_at': '首播时间', 'field.repeat': '重播', 'field.minutes': '时长（分钟）', 'field.pieces': '数量', 'field.url': '网址',
    'field.category': '类别', 'field.name': '名称', 'field.brand': '品牌', 'field.spec': '规格', 'field.unit': '计量单位', 'field.value': '价值（元）', 'field.case_no': '案件编号',
    'field.from_unit': '移交单位', 'field.appeal_over': '复议诉讼期已过', 'field.approval_no': '审批编号', 'field.approved_on': '审批日期', 'field.from_lot': '来源批次',
    'field.event': '场次', 'field.lot': '批次', 'field.move': '流转', 'field.sha256': '原图校验值', 'field.bytes': '大小（字节）', 'field.mime': '格式', 'field.taken_at': '拍摄时间',
    'field.caption': '说明', 'field.remarks': '备注', 'field.filled_by': '填报人', 'field.phone': '联系电话', 'field.dated': '填报日期', 'field.approved': '负责人签认',
    'field.remark': '备注', 'field.quantity': '数量', 'field.review': '审核状态', 'field.reason': '原因', 'field.verdict': '重复判定', 'field.duplicate': '重复判定', 'field.counts_for': '计入单位', 'field.received': '入库', 'field.counted': '清点', 'field.handed_over': '移交', 'field.returned': '退还', 'field.destroyed': '销毁',
    'cause.unknown_event': '场次未到', 'cause.unknown_lot': '物品未到', 'cause.unknown_op': '版本不识别', 'cause.unknown_indicator': '指标不在表内', 'cause.no_right': '无权填报',
    'cause.revoked': '手机已停用', 'cause.campaign_draft': '活动未开始', 'cause.campaign_closed': '活动已截止', 'cause.event_accepted': '场次已通过',
    'cause.bad_base': '前序缺失', 'cause.behind': '等前一条', 'cause.bad_line': '无法读取', 'cause.bad_field': '字段有误', 'cause.set_once': '不可再改', 'cause.by_office': '已驳回',
    'why.deleted': '已删除', 'why.same_facts': '同一事实重复填报', 'why.one_event': '与另一场为同一场', 'why.outside_window': '不在统计期内', 'why.repeat': '重播，不重复计',
    'verdict.different': '两场不同', 'verdict.one_event': '同一场，计数相加', 'verdict.same_facts': '同一事实，只计一次',
    'suspect.same_place': '同日、同地、同类型', 'suspect.same_item': '媒体、栏目、内容相同', 'suspect.same_photo': '照片相同', 'suspect.near_photo': '照片相近', 'suspect.first_gone': '已判定，第一场不再计入', 'suspect.judged': '已判定',
    'finding.negative_remaining': '销毁、退还多于入库', 'finding.count_differs': '清点数与入库数不符', 'finding.no_approval': '无销毁审批',
    'finding.appeal_open': '复议诉讼期未过', 'finding.too_few_supervisors': '监销人不足两名',
    'op.event.put': '填报', 'op.goods.put': '登记物品', 'op.photo.put': '登记照片', 'op.sheet.put': '填写填报表', 'op.tally.add': '计数', 'op.goods.move': '物品流转',
    'op.review.accept': '审核通过', 'op.review.return': '退回', 'op.review.issues': '标记有问题', 'op.review.comment': '批注', 'op.review.reopen': '撤销通过',
    'op.held.release': '放行暂存', 'op.held.reject': '驳回暂存', 'op.dup.judge': '判定重复', 'op.dup.undo': '撤销判定', 'op.record.move': '调整所属单位',
    'op.photo.stored': '原图入库', 'op.photo.state': '原图上传进度', 'op.clock': '校时',
    yes: '是', no: '否', empty: '（空）', blank: '未填', office: '办公室', system: '系统',
  },
  en: {
    'state.waiting': 'To review', 'state.received': 'To review', 'state.edited': 'Edited', 'state.issues': 'Has issues', 'state.returned': 'Returned', 'state.accepted': 'Accepted', 'state.back': 'With the unit', 'state.unaccepted': 'Not accepted',
    'campaign.draft': 'Draft', 'campaign.open': 'Open', 'campaign.closing': 'Closing', 'campaign.closed': 'Closed', 'campaign.frozen': 'Frozen',
    'kind.visit': 'Visit', 'kind.consultation': 'Advice stand', 'kind.briefing': 'Press briefing', 'kind.open_day': 'Open day', 'kind.meeting': 'Meeting',
    'kind.destruction': 'Destruction', 'kind.inspection': 'Inspection', 'kind.media': 'Media item', 'kind.duty': 'Duty', 'kind.other': 'Other',
    'venue.enterprise': 'enterprise', 'venue.community': 'community', 'venue.village': 'village', 'venue.township': 'township', 'venue.scenic': 'scenic spot',
    'venue.school': 'school', 'venue.market': 'market', 'venue.mall': 'mall', 'venue.supermarket': 'supermarket', 'venue.square': 'square',
    'venue.street': 'street', 'venue.office': 'public office', 'venue.industry': 'industry', 'venue.online': 'online', 'venue.other': 'other',
    'channel.tv': 'television', 'channel.radio': 'radio', 'channel.press': 'press', 'channel.web': 'internet', 'channel.own_media': 'own media', 'channel.outdoor': 'outdoor',
    'form.programme': 'programme', 'form.column': 'column', 'form.article': 'article', 'form.film': 'film', 'form.psa': 'public-service ad', 'form.post': 'post or short video',
    'form.warning': 'consumer warning', 'form.case': 'typical case', 'form.leaflet': 'leaflet',
    'meeting_type.forum': 'forum', 'meeting_type.briefing': 'briefing', 'meeting_type.exchange': 'exchange', 'meeting_type.training': 'training', 'meeting_type.other': 'other meeting',
    'record.event': 'Event', 'record.lot': 'Goods', 'record.photo': 'Photo', 'record.sheet': 'Sheet',
    'category.food': 'food', 'category.drink': 'drinks', 'category.alcohol_tobacco': 'alcohol and tobacco', 'category.health_food': 'health food', 'category.drug': 'drugs',
    'category.medical_device': 'medical devices', 'category.cosmetic': 'cosmetics', 'category.household': 'household goods', 'category.appliance': 'appliances',
    'category.clothing': 'clothing', 'category.toy': 'toys', 'category.stationery': 'stationery', 'category.cable': 'cables', 'category.auto_part': 'car parts',
    'category.building': 'building materials', 'category.farm_input': 'farm inputs', 'category.epidemic': 'epidemic supplies', 'category.other': 'other',
    'field.kind': 'Kind', 'field.venue': 'Venue', 'field.title': 'Title', 'field.started_at': 'Start', 'field.ended_at': 'End', 'field.place': 'Place',
    'field.lat': 'Latitude', 'field.lng': 'Longitude', 'field.accuracy': 'Accuracy (m)', 'field.large': 'Large', 'field.urgent': 'Urgent', 'field.notes': 'Notes',
    'field.no_commercial': 'No commerce', 'field.meeting_type': 'Meeting type', 'field.leaders': 'Leaders', 'field.operators': 'Businesses', 'field.experts': 'Experts, lawyers',
    'field.consumers': 'Consumers', 'field.banners': 'Banners', 'field.led_slogans': 'Screen slogans', 'field.boards': 'Boards', 'field.staff': 'Staff', 'field.join': 'Join code',
    'field.completed': 'Completed', 'field.deleted': 'Deleted', 'field.channel': 'Channel', 'field.form': 'Form', 'field.outlet': 'Outlet', 'field.programme': 'Programme',
    'field.content': 'Content', 'field.first_aired_at': 'First aired', 'field.repeat': 'Repeat', 'field.minutes': 'Minutes', 'field.pieces': 'Pieces', 'field.url': 'Address',
    'field.category': 'Category', 'field.name': 'Name', 'field.brand': 'Brand', 'field.spec': 'Specification', 'field.unit': 'Unit', 'field.value': 'Value (¥)', 'field.case_no': 'Case number',
    'field.from_unit': 'Handed over by', 'field.appeal_over': 'Appeal period over', 'field.approval_no': 'Approval number', 'field.approved_on': 'Approved on', 'field.from_lot': 'From lot',
    'field.event': 'Event', 'field.lot': 'Lot', 'field.move': 'Movement', 'field.sha256': 'Hash of the original', 'field.bytes': 'Bytes', 'field.mime': 'Format', 'field.taken_at': 'Taken at',
    'field.caption': 'Caption', 'field.remarks': 'Remarks', 'field.filled_by': 'Filled in by', 'field.phone': 'Telephone', 'field.dated': 'Date', 'field.approved': 'Signed by the head',
    'field.remark': 'Remark', 'field.quantity': 'Quantity', 'field.review': 'State', 'field.reason': 'Reason', 'field.verdict': 'Verdict', 'field.duplicate': 'Verdict', 'field.counts_for': 'Counts for', 'field.received': 'Received', 'field.counted': 'Counted', 'field.handed_over': 'Handed over', 'field.returned': 'Returned', 'field.destroyed': 'Destroyed',
    'cause.unknown_event': 'Event not here', 'cause.unknown_lot': 'Goods not here', 'cause.unknown_op': 'Newer version', 'cause.unknown_indicator': 'Not in the form', 'cause.no_right': 'No right',
    'cause.revoked': 'Phone revoked', 'cause.campaign_draft': 'Not open yet', 'cause.campaign_closed': 'Closed', 'cause.event_accepted': 'Already accepted',
    'cause.bad_base': 'Earlier part missing', 'cause.behind': 'Behind another', 'cause.bad_line': 'Unreadable', 'cause.bad_field': 'Bad field', 'cause.set_once': 'Set once', 'cause.by_office': 'Rejected',
    'why.deleted': 'deleted', 'why.same_facts': 'same facts twice', 'why.one_event': 'one event with another', 'why.outside_window': 'outside the counting window', 'why.repeat': 'a repeat, not counted again',
    'verdict.different': 'Two different events', 'verdict.one_event': 'One event, counts add', 'verdict.same_facts': 'Same facts twice',
    'suspect.same_place': 'Same day, place and kind', 'suspect.same_item': 'Same outlet, programme and content', 'suspect.same_photo': 'The same photo', 'suspect.near_photo': 'Similar photos', 'suspect.first_gone': 'Judged, but the first no longer counts', 'suspect.judged': 'Judged',
    'finding.negative_remaining': 'more destroyed or returned than received', 'finding.count_differs': 'counted and received differ', 'finding.no_approval': 'no approval to destroy',
    'finding.appeal_open': 'appeal period still open', 'finding.too_few_supervisors': 'fewer than two supervisors',
    'op.event.put': 'Filled in', 'op.goods.put': 'Goods registered', 'op.photo.put': 'Photo registered', 'op.sheet.put': 'Sheet filled in', 'op.tally.add': 'Counted', 'op.goods.move': 'Goods moved',
    'op.review.accept': 'Accepted', 'op.review.return': 'Returned', 'op.review.issues': 'Marked: has issues', 'op.review.comment': 'Comment', 'op.review.reopen': 'Acceptance undone',
    'op.held.release': 'Held change released', 'op.held.reject': 'Held change rejected', 'op.dup.judge': 'Duplicate judged', 'op.dup.undo': 'Verdict undone', 'op.record.move': 'Moved to another unit',
    'op.photo.stored': 'Original stored', 'op.photo.state': 'Original under way', 'op.clock': 'Clock changed',
    yes: 'yes', no: 'no', empty: '(empty)', blank: 'not filled in', office: 'office', system: 'System',
  },
})

/** word returns the word for a code of an area, or the code itself when it has none. */
export function word(area: string, code: string): string {
  const key = `${area}.${code}`
  const found = (lang.value === 'en' ? t.en : t.zh) as Record<string, string>
  return found[key] === undefined ? code : fill(found[key])
}

/** codes lists the codes of an area that have words, in their order. */
export function codes(area: string): string[] {
  return Object.keys(t.zh).filter((k) => k.startsWith(area + '.')).map((k) => k.slice(area.length + 1))
}

/** plain are the few words that belong to no area. */
export const plain = (key: 'yes' | 'no' | 'empty' | 'blank' | 'office' | 'system'): string => t(key)
