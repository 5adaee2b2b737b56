/** Photos: their originals, what files say, albums and contact sheets. */
import { texts } from '../texts'

export const t = texts({
  zh: {
    title: '照片', note: '手机登记的照片和视频，以及原件是否已经存证。', search: '地点或内容', code: '查询码', codeHint: '水印照片下方的八位编码，如 7KQ2-9FXM',
    sort: '类型', 'sort.photo': '照片', 'sort.video': '视频', any: '全部', from: '从', to: '到', clear: '清除条件', find: '查找',
    'state.all': '全部', 'state.announced': '未上传', 'state.partial': '上传中', 'state.stored': '已存证', 'state.refused': '已隔离', 'state.missing': '缺原件',
    'gap.announced': '原件未上传，仍在手机上', 'gap.partial': '原件上传中', 'gap.refused': '原件已隔离', 'gap.none': '没有预览图', 'gap.video': '视频没有预览图', 'gap.failed': '预览图没有加载成功',
    'reason.wrong_type': '不是允许的文件类型', 'reason.truncated': '文件不完整', 'reason.too_many_pixels': '图片尺寸过大', 'reason.trailing_data': '文件末尾有多余内容', 'reason.scanner': '安全检查未通过', 'reason.too_large': '文件过大',
    empty: '没有照片', emptyText: '手机登记的照片会显示在这里，原件传到后可以查看。', emptyFilter: '没有符合条件的照片', open: '查看{name}', unnamed: '未写内容的照片', video: '视频',
    missing: '缺 {n} 张原件', refused: '隔离 {n} 张', none: '没有照片', list: '照片列表', of: '{n} 张',
    prev: '上一张', next: '下一张', show: '显示', preview: '预览', original: '原件', stamped: '水印照片', download: '下载原件', downloadStamped: '下载水印照片',
    noShow: '此类文件不能在浏览器中显示，请下载查看。', stampedNote: '水印照片是副本，原件未作改动。',
    'f.state': '原件', 'f.unit': '单位', 'f.event': '场次', 'f.by': '拍摄', 'f.taken': '拍摄时间', 'f.claimed': '手机时间', 'f.offset': '手机时钟', 'f.received': '登记到达', 'f.stored': '原件到达',
    'f.place': '地点', 'f.point': '位置', 'f.caption': '内容', 'f.file': '文件', 'f.sha': '文件指纹', 'f.code': '查询码', 'f.receipt': '存证回执', receipt: '日志 {log} 第 {seq} 行', noReceipt: '尚无', pixels: '{w} × {h} 像素',
    factsTitle: '文件自带信息', factsNote: '由拍摄设备写入，可以被改动，只供对照。', 'e.taken': '拍摄时间', 'e.device': '设备', 'e.point': '位置', 'e.software': '软件', 'e.none': '文件没有自带信息',
    differs: '登记与文件不一致', 'differs.time': '文件记录的时间比登记的时间{way} {span}', later: '晚', earlier: '早', 'differs.place': '文件记录的位置与登记的位置相距 {m} 米',
    alike: '其他场次有相同或相近的照片', 'alike.same_photo': '相同', 'alike.near_photo': '相近',
    album: '下载相册', albumText: '按“单位／场次”分文件夹打包为 zip，并附清单；没有传到的原件在清单中列出。下载会记入操作记录。', 'album.what': '内容', 'album.originals': '原件', 'album.originalsText': '手机拍摄的原始文件，一字节不改', 'album.stamped': '水印照片', 'album.stampedText': '写有时间、地点、内容和查询码的副本；不能加水印的文件用原件',
    'album.scope': '范围', 'album.all': '全部单位', 'album.start': '开始下载', 'album.count': '共 {n} 张，{bytes}', 'album.missing': '另有 {n} 张没有原件，只列入清单。', 'album.empty': '没有可下载的照片。', 'album.begun': '下载已开始，进度见浏览器的下载列表',
    print: '打印照片页', 'print.title': '活动照片', 'print.note': 'A4 纸，每页四张，按单位分页。', 'print.do': '打印', 'print.time': '时间', 'print.place': '地点', 'print.caption': '内容', 'print.code': '编号', 'print.page': '第 {i} 页 共 {n} 页', 'print.some': '只显示最早的 {n} 张，请按单位或场次缩小范围。', 'print.wait': '图片加载中，请稍候再打印', 'print.by': '拍摄',
    first: '第一场的照片', second: '第二场的照片', 'pair.same': '同一张照片', 'pair.near': '相近的照片',
  },
  en: {
    title: 'Photos', note: 'Photos and videos that phones registered, and whether their originals are stored.', search: 'Place or caption', code: 'Look-up code', codeHint: 'The eight characters on a stamped photo, such as 7KQ2-9FXM',
    sort: 'Type', 'sort.photo': 'Photos', 'sort.video': 'Videos', any: 'All', from: 'From', to: 'To', clear: 'Clear', find: 'Find',
    'state.all': 'All', 'state.announced': 'Not sent', 'state.partial': 'On its way', 'state.stored': 'Stored', 'state.refused': 'Quarantined', 'state.missing': 'Original missing',
    'gap.announced': 'The original is still on the phone', 'gap.partial': 'The original is on its way', 'gap.refused': 'The original is quarantined', 'gap.none': 'No preview', 'gap.video': 'Videos have no preview', 'gap.failed': 'The preview could not be loaded',
    'reason.wrong_type': 'not an allowed type of file', 'reason.truncated': 'the file is not whole', 'reason.too_many_pixels': 'the picture is too large', 'reason.trailing_data': 'something follows the end of the file', 'reason.scanner': 'the scanner refused it', 'reason.too_large': 'the file is too large',
    empty: 'No photos', emptyText: 'Photos that phones register appear here, and can be seen once their originals have come.', emptyFilter: 'No photo matches', open: 'Open {name}', unnamed: 'a photo without a caption', video: 'Video',
    missing: { one: '{n} original missing', other: '{n} originals missing' }, refused: { one: '{n} quarantined', other: '{n} quarantined' }, none: 'No photos', list: 'Photos', of: { one: '{n} photo', other: '{n} photos' },
    prev: 'Previous', next: 'Next', show: 'Show', preview: 'Preview', original: 'Original', stamped: 'Stamped copy', download: 'Download original', downloadStamped: 'Download stamped copy',
    noShow: 'Browsers cannot show this type of file. Download it to look at it.', stampedNote: 'The stamped photo is a copy; the original is unchanged.',
    'f.state': 'Original', 'f.unit': 'Unit', 'f.event': 'Event', 'f.by': 'Taken by', 'f.taken': 'Taken', 'f.claimed': 'Phone clock', 'f.offset': 'Clock', 'f.received': 'Registered', 'f.stored': 'Stored',
    'f.place': 'Place', 'f.point': 'Position', 'f.caption': 'Caption', 'f.file': 'File', 'f.sha': 'SHA-256', 'f.code': 'Look-up code', 'f.receipt': 'Receipt', receipt: 'Log {log}, line {seq}', noReceipt: 'none yet', pixels: '{w} × {h} pixels',
    factsTitle: 'What the file says', factsNote: 'Written by the camera and easily changed: for comparison only.', 'e.taken': 'Taken', 'e.device': 'Device', 'e.point': 'Position', 'e.software': 'Software', 'e.none': 'The file says nothing of itself',
    differs: 'The record and the file differ', 'differs.time': 'The file’s time is {span} {way} than the recorded one', later: 'later', earlier: 'earlier', 'differs.place': 'The file’s position is {m} m from the recorded one',
    alike: 'Other events have the same or a similar photo', 'alike.same_photo': 'same', 'alike.near_photo': 'similar',
    album: 'Download album', albumText: 'A zip with a folder for each unit and event, and a list; originals that have not come are named in it. Downloads are noted in the audit trail.', 'album.what': 'Contents', 'album.originals': 'Originals', 'album.originalsText': 'The files as the phones took them, to the byte', 'album.stamped': 'Stamped copies', 'album.stampedText': 'Copies with time, place, caption and look-up code; originals where no copy can be made',
    'album.scope': 'Scope', 'album.all': 'All units', 'album.start': 'Start the download', 'album.count': { one: '{n} photo, {bytes}', other: '{n} photos, {bytes}' }, 'album.missing': { one: '{n} more has no original and is only listed.', other: '{n} more have no original and are only listed.' }, 'album.empty': 'There is no photo to download.', 'album.begun': 'The download has begun: see the browser’s list of downloads',
    print: 'Contact sheet', 'print.title': 'Photos', 'print.note': 'A4, four photos a page, a new page for each unit.', 'print.do': 'Print', 'print.time': 'Time', 'print.place': 'Place', 'print.caption': 'Content', 'print.code': 'No.', 'print.page': 'Page {i} of {n}', 'print.some': 'Only the earliest {n} are shown. Choose a unit or an event.', 'print.wait': 'Pictures are being loaded: wait before you print', 'print.by': 'Taken by',
    first: 'Photo of the first event', second: 'Photo of the second event', 'pair.same': 'The same photo', 'pair.near': 'Similar photos',
  },
})

/** reasonOf says in words why an original was refused. */
export function reasonOf(reason: string | undefined): string {
  const key = `reason.${reason ?? ''}`
  return key in t.zh ? t(key as 'reason.truncated') : reason ?? ''
}
