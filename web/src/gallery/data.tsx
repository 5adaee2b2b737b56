import { useState } from 'preact/hooks'
import { Button, Card, type Column, DataTable, Diff, Pager, Row, SearchBox, Select, Stack, Tabs, Tag, Timeline, toast, type Tone, Toolbar, Tree } from '../kit'
import { dateTime } from '../i18n/format'
import { sampleTime, w } from './words'

interface Event {
  id: string
  unit: string
  title: string
  at: number
  people: number | undefined
  tone: Tone
  state: string
}

const events = (): Event[] => [
  { id: '1', unit: w('城关所', 'Chengguan'), title: w('老年人防骗小剧场', 'Theatre against fraud'), at: sampleTime, people: 1280, tone: 'waiting', state: w('待审核', 'Waiting') },
  { id: '2', unit: w('河东所', 'Hedong'), title: w('“你点我检”进集市', 'Tests at the market'), at: sampleTime + 3_600_000, people: 96, tone: 'success', state: w('已通过', 'Accepted') },
  { id: '3', unit: w('第三市场监管所', 'Third office'), title: w('大学生维权志愿队', 'Student volunteers'), at: sampleTime + 90_000_000, people: undefined, tone: 'returned', state: w('已退回', 'Returned') },
]

export function Data() {
  return (
    <>
      <Tables/>
      <Small/>
    </>
  )
}

function Tables() {
  const [selected, setSelected] = useState<Set<string>>(new Set(['2']))
  const [current, setCurrent] = useState<string | undefined>('1')
  const [search, setSearch] = useState('')
  const [state, setState] = useState<'waiting' | ''>('')
  const rows = events().filter((e) => (e.title + e.unit).includes(search) && (state === '' || e.tone === state))
  const columns: Column<Event>[] = [
    { key: 'title', label: w('活动', 'Event'), cell: (e) => e.title, main: true },
    { key: 'unit', label: w('单位', 'Unit'), cell: (e) => e.unit, nowrap: true },
    { key: 'at', label: w('时间', 'Time'), cell: (e) => <span class="figure">{dateTime(e.at)}</span>, nowrap: true },
    { key: 'people', label: w('咨询', 'People'), cell: (e) => e.people?.toLocaleString('en') ?? '', align: 'number' },
    { key: 'state', label: w('状态', 'State'), cell: (e) => <Tag tone={e.tone}>{e.state}</Tag> },
  ]
  return (
    <Card title={w('表格 DataTable · Pager · Toolbar', 'DataTable · Pager · Toolbar')} actions={<Button small>{w('导出', 'Export')}</Button>}>
      <Stack>
        <Toolbar label={w('筛选', 'Filters')}>
          <SearchBox value={search} onSearch={setSearch} label={w('搜索活动', 'Search events')}/>
          <Select label={w('按状态筛选', 'Filter by state')} value={state} onInput={setState} empty={w('全部状态', 'All states')}
            options={[{ value: 'waiting', label: w('待审核', 'Waiting') }]}/>
        </Toolbar>
        <DataTable caption={w('活动', 'Events')} columns={columns} rows={rows} rowKey={(e) => e.id} rowLabel={(e) => e.title}
          selected={selected} onSelect={setSelected} bulk={<Button small kind="primary" onClick={() => toast(w('已通过', 'Accepted'))}>{w('通过', 'Accept')}</Button>}
          current={current} onOpen={(e) => setCurrent(e.id)}
          footer={{ title: w('合计', 'Total'), people: rows.reduce((n, e) => n + (e.people ?? 0), 0).toLocaleString('en') }}/>
        <Pager total={1204} onNext={() => undefined}/>
        <div class="gallery-grid">
          <DataTable caption={w('没有数据的表', 'An empty table')} showCaption columns={columns.slice(0, 2)} rows={[]} rowKey={(e) => e.id}/>
          <DataTable caption={w('正在加载的表', 'A loading table')} showCaption columns={columns.slice(0, 2)} rows={[]} rowKey={(e) => e.id} loading/>
        </div>
      </Stack>
    </Card>
  )
}

type View = 'all' | 'held' | 'pairs'

function Small() {
  const [tab, setTab] = useState<View>('all')
  const [unit, setUnit] = useState('01')
  return (
    <div class="gallery-grid">
      <Card title={w('标签页 Tabs · 标签 Tag', 'Tabs · Tag')}>
        <Tabs<View> label={w('审核队列', 'Review queue')} value={tab} onChange={setTab} tabs={[
          { key: 'all', label: w('全部', 'All'), count: 1204 }, { key: 'held', label: w('挂起', 'Held'), count: 3 },
          { key: 'pairs', label: w('疑似重复', 'Suspected pairs') },
        ]}>
          <Row>
            <Tag>{w('草稿', 'Draft')}</Tag><Tag tone="info">{w('已打开', 'Open')}</Tag><Tag tone="waiting">{w('待审核', 'Waiting')}</Tag>
            <Tag tone="success">{w('已通过', 'Accepted')}</Tag><Tag tone="returned">{w('已退回', 'Returned')}</Tag>
            <Tag tone="warning">{w('疑似重复', 'Suspected')}</Tag><Tag tone="error">{w('冲突', 'Conflict')}</Tag>
            <Tag tone="frozen">{w('已冻结', 'Frozen')}</Tag><Tag tone="off">{w('已吊销', 'Revoked')}</Tag>
            <Tag onRemove={() => undefined}>{w('城关所', 'Chengguan')}</Tag>
          </Row>
          <p class="muted">{{ all: w('全部活动', 'All events'), held: w('挂起的活动', 'Held events'), pairs: w('疑似重复的活动', 'Suspected pairs') }[tab]}</p>
        </Tabs>
      </Card>
      <Card title={w('单位树 Tree', 'Tree')} flush>
        <Tree label={w('单位', 'Units')} selected={unit} onSelect={setUnit} nodes={[
          { key: '00', label: w('县市场监督管理局', 'County bureau'), note: '202', children: [
            { key: '01', label: w('城关所', 'Chengguan'), note: '38', children: [{ key: '0101', label: w('东街组', 'East street') }] },
            { key: '02', label: w('河东所', 'Hedong'), note: '12' },
            { key: '03', label: w('执法大队', 'Enforcement'), children: [{ key: '0301', label: w('一中队', 'First squad') }] },
          ] },
        ]}/>
      </Card>
      <Card title={w('历史 Timeline · 差异 Diff', 'Timeline · Diff')}>
        <Timeline label={w('这场活动的历史', 'History of this event')} moments={[
          { key: '1', at: sampleTime, title: w('提交', 'Handed in'), by: w('李四', 'Li Si'), tone: 'waiting' },
          { key: '2', at: sampleTime + 1_200_000, title: w('退回', 'Returned'), by: w('张三', 'Zhang San'), tone: 'returned',
            body: w('人次与照片不符，请核对。', 'The count does not fit the photos; please check.') },
          { key: '3', at: sampleTime + 5_400_000, title: w('修改', 'Changed'), by: w('李四', 'Li Si'), tone: 'info', body: (
            <>
              <Diff label={w('现场咨询', 'Consultations')} before="1,820" after="1,280"/>
              <Diff label={w('地点', 'Place')} after={w('人民广场', "People's square")}/>
            </>
          ) },
        ]}/>
      </Card>
    </div>
  )
}
