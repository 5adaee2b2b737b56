import { useState } from 'preact/hooks'
import {
  Button, Card, Checkbox, DateInput, DateTimeInput, Field, FileInput, Form, IconButton, IconDownload, IconEdit, IconPlus,
  IconTrash, NumberInput, PasswordInput, RadioGroup, Row, SearchBox, Select, Stack, Textarea, TextInput, toast,
} from '../kit'
import { sampleTime, w } from './words'

export function Forms() {
  return (
    <>
      <Buttons/>
      <Controls/>
      <Refused/>
    </>
  )
}

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms))

function Buttons() {
  return (
    <Card title={w('按钮 Button · IconButton', 'Button · IconButton')}>
      <Stack>
        <Row>
          <Button kind="primary" icon={IconPlus}>{w('新建活动', 'New campaign')}</Button>
          <Button icon={IconDownload} onClick={() => wait(1500)}>{w('导出（1.5 秒）', 'Export (1.5 s)')}</Button>
          <Button kind="danger">{w('吊销', 'Revoke')}</Button>
          <Button kind="link">{w('查看依据', 'Show the rule')}</Button>
          <Button href="#/">{w('链接', 'A link')}</Button>
        </Row>
        <Row>
          <Button kind="primary" busy>{w('保存', 'Save')}</Button>
          <Button busy>{w('正在导出', 'Exporting')}</Button>
          <Button kind="primary" disabled>{w('不可用', 'Disabled')}</Button>
          <Button disabled>{w('不可用', 'Disabled')}</Button>
          <Button kind="link" disabled>{w('不可用', 'Disabled')}</Button>
        </Row>
        <Row>
          <Button small kind="primary">{w('通过', 'Accept')}</Button>
          <Button small>{w('退回', 'Return')}</Button>
          <IconButton icon={IconEdit} label={w('修改', 'Edit')}/>
          <IconButton icon={IconTrash} kind="danger" label={w('删除', 'Delete')}/>
          <IconButton icon={IconEdit} small label={w('修改（小）', 'Edit (small)')}/>
          <IconButton icon={IconEdit} disabled label={w('不能修改', 'Cannot be edited')}/>
        </Row>
      </Stack>
    </Card>
  )
}

function Controls() {
  const [text, setText] = useState(w('河东市场监管所', 'Hedong office'))
  const [password, setPassword] = useState('')
  const [count, setCount] = useState<number | undefined>(1280)
  const [kind, setKind] = useState<'square' | 'market' | ''>('')
  const [venue, setVenue] = useState<'in' | 'out' | ''>('out')
  const [day, setDay] = useState('2026-03-15')
  const [at, setAt] = useState<number | undefined>(sampleTime)
  const [more, setMore] = useState('')
  const [on, setOn] = useState(true)
  const [files, setFiles] = useState<File[]>([])
  const [search, setSearch] = useState('')
  return (
    <Card title={w('表单 Field · Form 与各种控件', 'Field · Form and the controls')}>
      <Form label={w('示例表单', 'Sample form')} onSubmit={() => wait(800).then(() => toast(w('已保存', 'Saved')))} onCancel={() => toast(w('已取消', 'Cancelled'), 'info')}>
        <div class="gallery-grid">
          <Field label={w('单位名称 TextInput', 'Name of the unit: TextInput')} name="unit" required hint={w('全称，不超过 20 个字', 'In full, at most 20 characters')}>
            <TextInput value={text} onInput={setText} maxLength={20}/>
          </Field>
          <Field label={w('密码 PasswordInput', 'PasswordInput')} name="password" required>
            <PasswordInput value={password} onInput={setPassword} minLength={10}/>
          </Field>
          <Field label={w('现场咨询 NumberInput', 'Consultations: NumberInput')} name="count" hint={w('0 到 5,000；留空表示没有统计', '0 to 5,000; empty means not counted')}>
            <NumberInput value={count} onInput={setCount} max={5000} unit={w('人次', 'people')}/>
          </Field>
          <Field label={w('地点类型 Select', 'Venue: Select')} name="kind" required>
            <Select value={kind} onInput={setKind} options={[
              { value: 'square', label: w('广场', 'Square') }, { value: 'market', label: w('集市', 'Market') },
            ]}/>
          </Field>
          <Field label="DateInput" name="day">
            <DateInput value={day} onInput={setDay} min="2026-03-01" max="2026-03-31"/>
          </Field>
          <Field label="DateTimeInput" name="at">
            <DateTimeInput value={at} onInput={setAt}/>
          </Field>
          <Field label={w('场所 RadioGroup', 'Place: RadioGroup')} name="venue" group>
            <RadioGroup inline value={venue} onInput={setVenue} options={[
              { value: 'in', label: w('室内', 'Indoors') }, { value: 'out', label: w('室外', 'Outdoors'), hint: w('请注意防风', 'Mind the wind') },
            ]}/>
          </Field>
          <Field label={w('确认 Checkbox', 'Checkbox')} group>
            <Checkbox checked={on} onInput={setOn} hint={w('审核人可以看到', 'Seen by the reviewer')}>{w('有领导参加', 'Leaders took part')}</Checkbox>
            <Checkbox checked={false} mixed onInput={() => undefined}>{w('部分选中', 'Partly on')}</Checkbox>
            <Checkbox checked disabled onInput={() => undefined}>{w('不能改', 'Cannot be changed')}</Checkbox>
          </Field>
          <Field label={w('备注 Textarea', 'Note: Textarea')} name="note">
            <Textarea value={more} onInput={setMore} rows={3} maxLength={200}/>
          </Field>
          <Field label={w('手机导出文件 FileInput', 'Export of a phone: FileInput')} name="file">
            <FileInput files={files} onInput={setFiles} multiple/>
          </Field>
          <Field label={w('不能改', 'Disabled')} name="fixed">
            <TextInput value="315-00421" onInput={() => undefined} disabled/>
          </Field>
          <div>
            <SearchBox value={search} onSearch={setSearch} label={w('搜索单位或姓名 SearchBox', 'Unit or person: SearchBox')}/>
            <p class="muted">{search ? w('正在找：', 'Looking for: ') + search : w('没有搜索', 'No search')}</p>
          </div>
        </div>
      </Form>
    </Card>
  )
}

/** Refused is a form whose server finds something: press the button to see the summary. */
function Refused() {
  const [title, setTitle] = useState('')
  const refuse = async () => {
    await wait(300)
    throw Object.assign(new Error(w('服务器没有接受。', 'The server refused.')), {
      fields: { title: w('已经有同名的活动', 'There is a campaign of this name') },
    })
  }
  return (
    <Card title={w('出错的表单', 'A form with faults')}>
      <Form label={w('会被退回的表单', 'A form that is refused')} onSubmit={refuse} submit={w('提交', 'Submit')} danger>
        <div class="gallery-grid">
          <Field label={w('活动名称', 'Campaign')} name="title" required><TextInput value={title} onInput={setTitle}/></Field>
          <Field label={w('截止时间', 'Deadline')} error={w('截止时间早于开始时间', 'The deadline is before the beginning')}>
            <DateInput value="2026-02-01" onInput={() => undefined}/>
          </Field>
        </div>
      </Form>
    </Card>
  )
}
