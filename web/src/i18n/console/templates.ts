/** Templates of tables. */
import { texts } from '../texts'

export const t = texts({
  zh: {
    title: '统计表模板', note: '一张表的格式、口径和注释写在一个文本文件（YAML）里。内置模板不能修改，可以另存为新的。',
    add: '新增模板', name: '表名', code: '编号', origin: '来源', builtin: '内置', own: '自建', none: '没有模板',
    preview: '预览', text: '模板文本', copy: '另存为新模板', edit: '修改', download: '下载文本', tabs: '模板', back: '统计表模板',
    'new.title': '新增模板', 'new.note': '上传或粘贴文本，先检查，看过预览再保存。', 'edit.note': '保存后，使用它的活动会按新口径重新统计。已冻结的定稿不变。', file: '从文件读入', yaml: '模板文本', yamlHint: 'YAML 格式，可先复制一个现有模板再改。第一行的 id 是模板编号，不能与已有的重复。',
    check: '检查', save: '保存模板', saved: '模板已保存', fine: '检查通过，下面是打印样式', 'fault.title': '第 {line} 行有问题', 'fault.plain': '模板有问题', readFirst: '请先检查，通过后再保存', tooBig: '文件超过 512 KB',
    numbered: '带行号的文本', changedSince: '文本改过了，请重新检查',
  },
  en: {
    title: 'Table templates', note: 'Layout, rules and notes of a table are one text file (YAML). Built-in ones cannot be changed, but copied.',
    add: 'New template', name: 'Table', code: 'Code', origin: 'Origin', builtin: 'Built in', own: 'Own', none: 'No templates',
    preview: 'Preview', text: 'Text', copy: 'Copy as a new one', edit: 'Edit', download: 'Download text', tabs: 'Template', back: 'Table templates',
    'new.title': 'New template', 'new.note': 'Upload or paste the text, check it, look at the preview, then save.', 'edit.note': 'Campaigns that use it are counted anew. Tables that are frozen stay as they are.', file: 'Read from a file', yaml: 'Text of the template', yamlHint: 'YAML; copying a present one is a good start. The id in its first line is the code, which must be new.',
    check: 'Check', save: 'Save template', saved: 'Template saved', fine: 'In order. This is how it is printed', 'fault.title': 'Line {line} is wrong', 'fault.plain': 'The template is wrong', readFirst: 'Check it first, then save', tooBig: 'The file is larger than 512 kB',
    numbered: 'The text with line numbers', changedSince: 'The text was changed: check it again',
  },
})
