/** Freezing the table, amending it, and what is still open before. */
import type { VNode } from 'preact'
import { t } from '../../i18n/console/table'
import { stateWord } from '../../i18n/console/words'
import { dateTime, number } from '../../i18n/format'
import { Button, Card, confirm, DataTable, IconLock, Loaded, Notice, toast } from '../../kit'
import { href } from '../../store/location'
import { useResource } from '../../store/resource'
import { api, download } from '../api'
import { loadMe } from '../me'
import type { Problem } from '../problem'
import type { Overview, SnapshotView } from '../types'
import { mayIn } from '../units'
import { at, captionOf, Head, pick, useUnits } from './parts'

interface Open {
  key: 'review' | 'urgent' | 'held' | 'conflicts' | 'suspects' | 'uncounted' | 'sheets' | 'blank' | 'owing' | 'handins'
  n: number
  to: string
}

export function Freeze({ campaign }: { campaign: string }): VNode {
  useUnits()
  const view = useResource(async (signal) => {
    const [overview, snapshots] = await Promise.all([
      api.get<Overview>(`/campaigns/${campaign}/overview`, undefined, signal),
      api.get<SnapshotView[] | { items: SnapshotView[] }>(`/campaigns/${campaign}/snapshots`, undefined, signal),
    ])
    return { overview, snapshots: Array.isArray(snapshots) ? snapshots : snapshots.items }
  }, [campaign])
  const reload = () => {
    view.reload()
    void loadMe()
  }
  return (
    <>
      <Head campaign={campaign} title={t('f.title')} path={[{ label: t('title'), href: href(at(campaign, 'table')) }]}/>
      <Loaded of={view} lines={10}>{({ overview: o, snapshots }) => (
        <>
          <Chain state={o.campaign.state}/>
          {o.campaign.state === 'frozen' ? <Frozen o={o} reload={reload}/> : <Before o={o} reload={reload}/>}
          <Snapshots campaign={campaign} of={snapshots}/>
        </>
      )}</Loaded>
    </>
  )
}

const states = ['draft', 'open', 'closing', 'closed', 'frozen'] as const

function Chain({ state }: { state: string }) {
  return (
    <ol class="stages chain" aria-label={t('f.chain')}>
      {states.map((s) => <li key={s} class={s === state ? 'stage stage-now' : 'stage'} aria-current={s === state ? 'step' : undefined}>{stateWord(s)}</li>)}
    </ol>
  )
}

/** openWork is what a person would rather finish first, and what it means if not. */
function openWork(o: Overview): Open[] {
  const c = o.campaign.id
  const all: Open[] = [
    { key: 'review', n: unaccepted(o), to: href(at(c, 'review'), { state: 'unaccepted' }) },
    { key: 'urgent', n: o.urgent, to: href(at(c, 'review'), { state: 'unaccepted', flag: 'urgent' }) },
    { key: 'held', n: o.held.reduce((sum, h) => sum + h.lines, 0), to: href(at(c, 'held')) },
    { key: 'conflicts', n: o.conflicts, to: href(at(c, 'conflicts')) },
    { key: 'suspects', n: o.suspects, to: href(at(c, 'suspects')) },
    { key: 'uncounted', n: o.uncounted, to: href(at(c, 'suspects')) },
    { key: 'sheets', n: begun(o), to: href(at(c, 'sheets')) },
    { key: 'blank', n: o.sheets.none, to: href(at(c, 'sheets')) },
    { key: 'owing', n: o.phones.owing, to: href('/devices', { state: 'owing' }) },
    { key: 'handins', n: o.deadlines.reduce((sum, d) => sum + d.missing, 0), to: href(at(c, 'handins')) },
  ]
  return all.filter((x) => x.n > 0)
}

/** What a freezing goes past: what stands open and is not in the table that is frozen. */
const past = ['unreviewed', 'sheets', 'uncounted'] as const
type Past = Record<typeof past[number], number>

/** pastOf reads from a refusal what stands open; undefined when it was refused for something else. */
function pastOf(error: unknown): Past | undefined {
  const members = (error as Problem).members
  if (typeof members?.unreviewed !== 'number') {
    return undefined
  }
  const of = (k: typeof past[number]) => (typeof members[k] === 'number' ? (members[k] as number) : 0)
  return { unreviewed: of('unreviewed'), sheets: of('sheets'), uncounted: of('uncounted') }
}

function GoesPast({ of }: { of: Past }) {
  const open = past.filter((k) => of[k] > 0)
  return open.length === 0 ? null : (
    <Notice kind="warning" title={t('f.past')}>
      <ul class="plain">{open.map((k) => <li key={k}>{t(`f.past.${k}`, { n: of[k] })}</li>)}</ul>
    </Notice>
  )
}

const unaccepted = (o: Overview) => o.events.received + o.events.edited + o.events.issues + o.events.returned

/** begun counts the sheets that are there and not accepted: one that nobody began stands in no freezing's way. */
const begun = (o: Overview) => o.sheets.filling + o.sheets.completed + o.sheets.approved + o.sheets.returned

function Before({ o, reload }: { o: Overview; reload: () => void }) {
  const open = openWork(o)
  const may = mayIn('decide', o.campaign.unit, o.campaign.id)
  const freeze = async (told: Past): Promise<void> => {
    const reason = await confirm({
      title: t('f.freeze'), action: t(past.some((k) => told[k] > 0) ? 'f.freezeAnyway' : 'f.freeze'), danger: true, reason: 'optional',
      body: <div class="stack"><p>{t('f.freezeText')}</p><GoesPast of={told}/></div>,
    })
    if (reason === undefined) {
      return
    }
    const send = (anyway: boolean) => api.post(`/campaigns/${o.campaign.id}/state`, { state: 'frozen', reason, anyway })
    try {
      await send(false)
    } catch (error) {
      const left = pastOf(error)
      if (!left) {
        throw error
      }
      if (past.some((k) => left[k] > told[k])) {
        return freeze(left) // more stands open than the person was told: asked again, with the numbers
      }
      await send(true)
    }
    toast(t('f.frozenDone'))
    reload()
  }
  return (
    <>
      {o.campaign.amendment > 0 && <Notice>{t('f.amending', { n: o.campaign.amendment })}</Notice>}
      <Card title={t('f.before')} flush={open.length > 0}>
        {open.length === 0 ? <Notice kind="success">{t('f.clear')}</Notice> : (
          <>
            <p class="card-text">{t('f.open', { n: open.length })}</p>
            <DataTable<Open> caption={captionOf(t('f.before'))} rows={open} rowKey={(x) => x.key} rowHref={(x) => x.to} columns={[
              { key: 'item', label: t('f.item'), cell: (x) => t(`f.${x.key}`) },
              { key: 'n', label: t('f.count'), align: 'number', cell: (x) => <strong>{number(x.n)}</strong> },
              { key: 'means', label: t('f.meaning'), cell: (x) => t(`f.${x.key}Means`) },
            ]}/>
          </>
        )}
      </Card>
      <Card title={t('f.freeze')}>
        <div class="stack">
          <p>{t('f.freezeText')}</p>
          {!may ? <p class="muted">{t('f.noRight')}</p>
            : o.campaign.state !== 'closed' ? <Notice actions={<Button small href={'#' + at(o.campaign.id, 'settings')}>{t('f.settings')}</Button>}>{t('f.notClosed')}</Notice>
              : <Button kind="primary" icon={IconLock} onClick={() => freeze({ unreviewed: unaccepted(o), sheets: begun(o), uncounted: o.uncounted })}>{t('f.freeze')}</Button>}
        </div>
      </Card>
    </>
  )
}

function Frozen({ o, reload }: { o: Overview; reload: () => void }) {
  const next = o.campaign.amendment + 1
  const amend = async () => {
    const reason = await confirm({ title: t('f.amendTitle', { n: next }), body: t('f.amendText', { n: next }), action: t('f.amend'), reason: 'required' })
    if (reason === undefined) {
      return
    }
    await api.post(`/campaigns/${o.campaign.id}/amendments`, { reason })
    toast(t('f.amendDone', { n: next }))
    reload()
  }
  return (
    <Notice kind="success" title={t('f.frozen')}
      actions={mayIn('decide', o.campaign.unit, o.campaign.id) ? <Button small onClick={amend}>{t('f.amend')}</Button> : undefined}>
      {t('f.frozenText')}
    </Notice>
  )
}

function Snapshots({ campaign, of }: { campaign: string; of: readonly SnapshotView[] }) {
  return (
    <Card title={t('f.snapshots')} flush={of.length > 0}>
      {of.length === 0 ? <p class="muted">{t('f.none')}</p> : (
        <DataTable<SnapshotView> caption={captionOf(t('f.snapshots'))} rows={of} rowKey={(s) => `${s.number} ${s.template}`} columns={[
          { key: 'number', label: t('f.number'), nowrap: true, cell: (s) => (s.number === 0 ? t('f.first') : t('f.nth', { n: s.number })) },
          { key: 'template', label: t('template'), cell: (s) => pick(s.title, s.title_en) || s.template },
          { key: 'at', label: t('f.at'), nowrap: true, cell: (s) => dateTime(s.created_at) },
          { key: 'reason', label: t('f.reason'), cell: (s) => s.reason },
          { key: 'sha', label: t('f.sha'), cell: (s) => <code class="hash" title={s.sha256}>{s.sha256.slice(0, 16)}…</code> },
          { key: 'csv', label: t('f.csv'), cell: (s) => <Button kind="link" small onClick={() => download(`/campaigns/${campaign}/snapshots/${s.number}/${s.template}.csv`)}>CSV</Button> },
        ]}/>
      )}
    </Card>
  )
}
