/** The start page: it leads on to the campaign at hand. */
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { t } from '../../i18n/console/shell'
import {
  Button, Card, Cell, CellList, EmptyState, IconCalendar, IconDevice, IconPeople, IconUnit, PageHeader,
} from '../../kit'
import { go } from '../../store/location'
import { campaigns, may } from '../me'
import { here } from './current'

/** Home goes to the only campaign that is not over, or lets the person choose. */
export function Home(): VNode | null {
  const running = campaigns.value.filter((c) => c.state !== 'frozen' && c.state !== 'draft')
  const only = running.length === 1 ? running[0]?.id : campaigns.value.length > 0 && running.length === 0 ? here.value : undefined
  const to = campaigns.value.length === 0 ? undefined : only ? `#/c/${only}/overview` : '#/campaigns'
  useEffect(() => {
    if (to) {
      go(to, { replace: true })
    }
  }, [to])
  if (to) {
    return null
  }
  return (
    <>
      <PageHeader title={t('product')}/>
      {may('manage') ? <Guide/> : <EmptyState icon={IconCalendar} title={t('home.none')} text={t('home.noneLook')}/>}
    </>
  )
}

/** Guide leads a new office through its first steps, in the order in which they are needed. */
function Guide() {
  const steps = [
    { key: 'units', to: '#/units', icon: IconUnit }, { key: 'people', to: '#/people', icon: IconPeople },
    { key: 'campaign', to: '#/campaigns/new', icon: IconCalendar }, { key: 'enrol', to: '#/enrol', icon: IconDevice },
  ] as const
  return (
    <div class="guide">
      <Card flush title={t('home.none')}>
        <CellList label={t('home.none')}>
          {steps.map((s, i) => <Cell key={s.key} icon={s.icon} title={`${i + 1}. ${t(`guide.${s.key}`)}`} note={t(`guide.${s.key}Note`)} href={s.to}/>)}
        </CellList>
      </Card>
    </div>
  )
}

/** Missing stands where the address leads nowhere. */
export function Missing(): VNode {
  return (
    <>
      <PageHeader title={t('missing')}/>
      <EmptyState title={t('missing.text')} action={<Button kind="primary" href="#/">{t('missing.home')}</Button>}/>
    </>
  )
}
