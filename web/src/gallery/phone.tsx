import { useState } from 'preact/hooks'
import { BigCounter, BottomBar, Card, IconCalendar, IconPhoto, IconTally, IconUser, Stack, SyncStrip } from '../kit'
import { w } from './words'

const opened = Date.now()

export function Phone() {
  const [steps, setSteps] = useState<number[]>([128])
  const sum = steps.reduce((a, b) => a + b, 0)
  return (
    <Card title={w('手机 SyncStrip · BigCounter · BottomBar', 'Phone: SyncStrip · BigCounter · BottomBar')}>
      <div class="gallery-grid">
        <div class="gallery-phone">
          <SyncStrip state="waiting" records={3} photos={12} last={opened - 180_000} href="#/"/>
          <Stack>
            <BigCounter label={w('现场咨询', 'Consultations')} unit={w('人次', 'people')} value={sum} steps={[10, 50]}
              onAdd={(n) => setSteps([...steps, n])} onUndo={steps.length > 1 ? () => setSteps(steps.slice(0, -1)) : undefined}
              note={w('其他手机 96', '96 by other phones')}/>
            <BigCounter label={w('受理投诉', 'Complaints')} unit={w('件', '')} value={0} onAdd={() => undefined}/>
          </Stack>
          <BottomBar items={[
            { href: '#/', label: w('活动', 'Events'), icon: IconCalendar }, { href: '#/count', label: w('计数', 'Count'), icon: IconTally },
            { href: '#/photos', label: w('照片', 'Photos'), icon: IconPhoto, count: 12 }, { href: '#/me', label: w('我的', 'Me'), icon: IconUser },
          ]}/>
        </div>
        <Stack>
          <SyncStrip state="ok" records={0} photos={0} last={opened - 30_000} href="#/"/>
          <SyncStrip state="working" records={1} photos={4} last={opened - 7_200_000} href="#/"/>
          <SyncStrip state="offline" records={18} photos={0} last={opened - 90_000_000} href="#/"/>
          <SyncStrip state="error" records={2} photos={1} href="#/"/>
        </Stack>
      </div>
    </Card>
  )
}
