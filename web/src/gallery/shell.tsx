import {
  AppShell, Card, Columns, Countdown, DescriptionList, IconDevice, IconHome, IconLogout, IconReview, IconSettings, IconTable, Menu, type NavGroup,
  Notice, PageHeader, Stat, Stats, Tag,
} from '../kit'
import { w } from './words'

const opened = Date.now()

const groups = (): NavGroup[] => [
  { items: [
    { href: '#/shell', label: w('总览', 'Overview'), icon: IconHome },
    { href: '#/shell/table', label: w('统计表', 'Table'), icon: IconTable },
    { href: '#/shell/review', label: w('审核', 'Review'), icon: IconReview, count: 14 },
  ] },
  { label: w('管理', 'Management'), items: [
    { href: '#/shell/devices', label: w('设备与人员', 'Phones and people'), icon: IconDevice },
    { href: '#/shell/settings', label: w('活动与设置', 'Campaigns and settings'), icon: IconSettings },
  ] },
]

/** Shell is a page of the console as it might be. */
export function Shell({ item }: { item: string }) {
  const here = groups().flatMap((g) => g.items).find((i) => i.href.endsWith('/' + item))
  return (
    <AppShell product={w('示例县市场监督管理局', 'Example county bureau')} groups={groups()}
      context={<><span>{w('2026年3·15活动', '3·15 in 2026')}</span> <Tag tone="info">{w('进行中', 'Open')}</Tag></>}
      banner={item === 'overview' && <Notice kind="warning">{w('今天 24:00 截止，3 个单位还没有报。', 'Closes today at 24:00; 3 units are late.')}</Notice>}
      tools={<Menu label={w('张三', 'Zhang San')} items={[{ label: w('退出登录', 'Sign out'), icon: IconLogout, danger: true, onSelect: () => undefined }]}/>}>
      <PageHeader title={here?.label ?? w('总览', 'Overview')} path={[{ href: '#/', label: w('组件', 'Components') }]}
        note={<>{w('距截止 ', 'Closes in ')}<Countdown to={opened + 93_600_000}/></>}/>
      <Stats>
        <Stat label={w('活动场次', 'Events')} value={202} unit={w('场', '')} tone="info"/>
        <Stat label={w('现场咨询', 'Consultations')} value={16770} unit={w('人次', 'people')} tone="success"/>
        <Stat label={w('未报单位', 'Units that are late')} value={3} unit={w('个', '')} tone="error" href="#/shell/review"/>
      </Stats>
      <Columns min={480}>
        <Card title={w('本单位', 'This unit')}>
          <DescriptionList facts={[
            { label: w('名称', 'Name'), value: w('示例县市场监督管理局', 'Example county bureau') },
            { label: w('下属单位', 'Units below'), value: '12' },
          ]}/>
        </Card>
        <Card title={w('今天', 'Today')}>{w('38 场活动，14 场待审核。', '38 events, 14 to review.')}</Card>
      </Columns>
    </AppShell>
  )
}
