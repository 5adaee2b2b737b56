import { Card, IconDevice, IconHome, IconReview, IconSettings, IconTable, SideNav, Split } from '../kit'
import * as kit from '../kit'
import { w } from './words'

/** Frames shows what pages are made of; AppShell has a page of its own, in shell.tsx. */
export function Frames() {
  return (
    <>
      <Card title={w('导航 SideNav', 'SideNav')} flush>
        <SideNav groups={[
          { items: [
            { href: '#/', label: w('总览', 'Overview'), icon: IconHome },
            { href: '#/table', label: w('统计表', 'Table'), icon: IconTable },
            { href: '#/review', label: w('审核', 'Review'), icon: IconReview, count: 14 },
          ] },
          { label: w('管理', 'Management'), items: [
            { href: '#/devices', label: w('设备与人员', 'Phones and people'), icon: IconDevice },
            { href: '#/settings', label: w('活动与设置', 'Settings'), icon: IconSettings },
          ] },
        ]}/>
      </Card>
      <Split
        list={<Card title={w('列表 Split', 'The list of Split')}>{w('左边是列表。', 'A list is on the left.')}</Card>}
        detail={<Card title={w('详情', 'The details')}>{w('右边是选中的那一项；窄屏上在下面。', 'What is chosen is on the right; below it where the screen is narrow.')}</Card>}/>
      <Icons/>
    </>
  )
}

function Icons() {
  const all = Object.entries(kit).filter(([name]) => /^Icon(?!Button)/.test(name)) as [string, kit.Icon][]
  return (
    <Card title={w('图标 Icon', 'Icons')}>
      <ul class="gallery-icons">
        {all.map(([name, Shown]) => <li key={name}><Shown size={24}/>{name.slice(4)}</li>)}
      </ul>
    </Card>
  )
}

