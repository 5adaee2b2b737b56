import { useState } from 'preact/hooks'
import {
  Button, Card, confirm, Dialog, EmptyState, Field, Form, IconLogout, IconSettings, LoadFault, Menu, Notice, Row, Skeleton, Spinner,
  Stack, TextInput, toast,
} from '../kit'
import { w } from './words'

export function Messages() {
  return (
    <>
      <Card title={w('提示 Notice', 'Notice')}>
        <Stack>
          <Notice>{w('统计表还是草稿：有 14 场活动没有审核。', 'The table is a draft: 14 events are not reviewed.')}</Notice>
          <Notice kind="success" title={w('校验通过', 'Verified')}>{w('3,013 条记录全部一致。', 'All 3,013 changes agree.')}</Notice>
          <Notice kind="warning" title={w('3 部手机超过一天没有同步', '3 phones have not synced for a day')}
            actions={<Button small>{w('查看手机', 'Show them')}</Button>}/>
          <Notice kind="error" title={w('存储空间不足', 'Storage is almost full')}>{w('照片暂停上传，文字照常保存。', 'Photos wait; texts are saved as usual.')}</Notice>
          <LoadFault error={new Error(w('连不上服务器。', 'The server cannot be reached.'))} onRetry={() => toast(w('再试一次', 'Once more'), 'info')}/>
        </Stack>
      </Card>
      <Dialogs/>
      <Card title={w('等待与空白 Spinner · Skeleton · EmptyState', 'Spinner · Skeleton · EmptyState')}>
        <div class="gallery-grid">
          <Spinner/>
          <Skeleton lines={4}/>
          <EmptyState title={w('还没有照片', 'No photos yet')} text={w('照片上传后会出现在这里。', 'They appear once they are uploaded.')}
            action={<Button>{w('查看未上传的手机', 'Phones that still owe photos')}</Button>}/>
        </div>
      </Card>
    </>
  )
}

function Dialogs() {
  const [open, setOpen] = useState<'default' | 'side' | undefined>()
  const [answer, setAnswer] = useState('')
  const [name, setName] = useState('')
  const ask = async () => {
    const reason = await confirm({
      title: w('退回这场活动？', 'Return this event?'), body: w('填报人会在手机上看到原因。', 'The officer sees the reason on the phone.'),
      action: w('退回', 'Return'), danger: true, reason: 'required',
    })
    setAnswer(reason === undefined ? w('没有退回', 'Not returned') : w('原因：', 'Reason: ') + reason)
  }
  return (
    <Card title={w('浮层 Dialog · confirm · toast · Menu', 'Dialog · confirm · toast · Menu')}>
      <Row>
        <Button onClick={() => setOpen('default')}>{w('打开对话框', 'Open a dialog')}</Button>
        <Button onClick={() => setOpen('side')}>{w('打开侧栏', 'Open a side panel')}</Button>
        <Button kind="danger" onClick={ask}>{w('退回…', 'Return…')}</Button>
        <Button onClick={() => toast(w('已通过 3 场活动', '3 events accepted'))}>{w('成功消息', 'A success')}</Button>
        <Button onClick={() => Promise.reject(new Error(w('内容刚刚被别人改过', 'Somebody has just changed this')))}>{w('失败消息', 'A failure')}</Button>
        <Menu label={w('张三', 'Zhang San')} head={w('城关所 · 审核人', 'Chengguan · reviewer')} items={[
          { label: w('设置', 'Settings'), icon: IconSettings, onSelect: () => toast(w('设置', 'Settings'), 'info') },
          { label: w('不可用', 'Not now'), onSelect: () => undefined, disabled: true },
          { label: w('退出登录', 'Sign out'), icon: IconLogout, danger: true, onSelect: () => toast(w('已退出', 'Signed out'), 'info') },
        ]}/>
        <Menu iconOnly label={w('更多操作', 'More actions')} items={[{ label: w('打印', 'Print'), onSelect: () => window.print() }]}/>
        <span role="status">{answer}</span>
      </Row>
      <Dialog open={open !== undefined} size={open === 'side' ? 'side' : 'small'} title={w('登记手机', 'Enrol a phone')} onClose={() => setOpen(undefined)}>
        <Form submit={w('生成登记码', 'Make a code')} onCancel={() => setOpen(undefined)} onSubmit={() => setOpen(undefined)}>
          <Field label={w('姓名', 'Name')} name="name" required><TextInput value={name} onInput={setName}/></Field>
        </Form>
      </Dialog>
    </Card>
  )
}
