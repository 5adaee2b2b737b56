/** The audit trail: what the office did, and each line as it was signed. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { kindWord, ops, opWord, t } from '../../i18n/console/trail'
import { roleWord, stateWord } from '../../i18n/console/words'
import { dateTime, instant } from '../../i18n/format'
import {
  Button, type Column, DataTable, DateInput, Dialog, EmptyState, Field, IconHistory, LoadFault, PageHeader, Pager, Select, toast, Toolbar,
} from '../../kit'
import { href, place, setQuery } from '../../store/location'
import { useResource } from '../../store/resource'
import { usePaged } from '../lists'
import { campaigns } from '../me'
import type { AuditRow } from '../types'
import { loadUnits, unitOptions } from '../units'
import { PersonPick } from './person_pick'

const day = 86_400_000

export function Trail(): VNode {
  useResource(loadUnits, [])
  const [open, setOpen] = useState<AuditRow>()
  const filter = (name: string) => place.value.query.get(name) ?? ''
  const end = instant(filter('to') + 'T00:00')
  const { page, rows, pager } = usePaged<AuditRow>('/audit', {
    campaign: filter('campaign'), unit: filter('unit'), officer: filter('officer'), op: filter('op'),
    from: instant(filter('from') + 'T00:00'), to: end === undefined ? undefined : end + day, // that day too
  })
  const names = ['campaign', 'unit', 'officer', 'op', 'from', 'to']
  return (
    <>
      <PageHeader title={t('title')} note={t('note')}/>
      <Toolbar>
        <Select label={t('op')} value={filter('op')} options={ops.map((op) => ({ value: op, label: opWord(op) }))} empty={t('allOps')} onInput={(op) => setQuery({ op })}/>
        <PersonPick label={t('who')} empty={t('allPeople')} value={filter('officer')} onInput={(officer) => setQuery({ officer })}/>
        <Select label={t('campaign')} value={filter('campaign')} options={campaigns.value.map((c) => ({ value: c.id, label: c.title }))} empty={t('allCampaigns')}
          onInput={(campaign) => setQuery({ campaign })}/>
        <Select label={t('unit')} value={filter('unit')} options={unitOptions()} empty={t('allUnits')} onInput={(unit) => setQuery({ unit })}/>
        <Field label={t('from')}><DateInput value={filter('from')} onInput={(from) => setQuery({ from })}/></Field>
        <Field label={t('to')}><DateInput value={filter('to')} onInput={(to) => setQuery({ to })}/></Field>
        {names.some(filter) && (
          <Button kind="link" onClick={() => setQuery(Object.fromEntries(names.map((n) => [n, undefined])))}>{t('clear')}</Button>
        )}
      </Toolbar>
      {page.error && <LoadFault error={page.error} onRetry={page.reload}/>}
      <DataTable caption={t('title')} columns={columns} rows={rows} rowKey={(r) => `${r.log}.${r.seq}`} loading={page.loading} onOpen={setOpen}
        empty={<EmptyState icon={IconHistory} title={t('none')}/>}/>
      <Pager {...pager}/>
      {open && <Line row={open} onClose={() => setOpen(undefined)}/>}
    </>
  )
}

/** logins are what is noted about a sign-in. */
const logins: Record<string, 'login.given' | 'login.taken' | 'login.changed' | undefined> = { given: 'login.given', taken: 'login.taken', changed: 'login.changed' }

/** what says what was done; a note of the office is named by what it is about. */
function what(r: AuditRow): string {
  if (r.op !== 'office.note' || !r.kind) {
    return opWord(r.op)
  }
  return r.kind === 'credential' ? t(logins[member(r, 'note')] ?? 'login.given') : kindWord(r.kind)
}

const who = (r: AuditRow): string => r.by.officer_name || t('system')

/** member is a text of the signed line. */
function member(r: AuditRow, name: string): string {
  const value = (r.line as Record<string, unknown> | null)?.[name]
  return typeof value === 'string' ? value : ''
}

function about(r: AuditRow): string {
  const kind = r.kind && r.op !== 'office.note' ? kindWord(r.kind) : ''
  const to = [member(r, 'state') && stateWord(member(r, 'state')), member(r, 'role') && roleWord(member(r, 'role'))].filter(Boolean).join()
  return [[kind, r.title].filter(Boolean).join(t('colon')), to].filter(Boolean).join(' → ') || '—'
}

const columns: Column<AuditRow>[] = [
  { key: 'at', get label() { return t('at') }, cell: (r) => dateTime(r.at, { exact: true }), nowrap: true },
  { key: 'what', get label() { return t('what') }, cell: what, main: true, nowrap: true },
  { key: 'who', get label() { return t('who') }, cell: who, nowrap: true },
  { key: 'about', get label() { return t('about') }, cell: about },
  { key: 'unit', get label() { return t('unit') }, cell: (r) => r.unit_name || '—', nowrap: true },
  { key: 'reason', get label() { return t('reason') }, cell: (r) => r.reason || '—' },
]

/** pageOf is where what a line is about can be seen now. */
function pageOf(r: AuditRow): string | undefined {
  if (!r.id) {
    return undefined
  }
  switch (r.kind) {
    case 'event':
      return r.campaign && r.unit ? `#/c/${r.campaign}/review/${r.unit}/${r.id}` : undefined
    case 'sheet':
      return r.campaign && r.unit ? `#/c/${r.campaign}/sheets/${r.unit}` : undefined
    case 'officer':
    case 'credential':
      return `#/people/${r.id}`
    case 'unit':
      return href('/units', { unit: r.id })
    case 'device':
      return href('/devices', { device: r.id })
    case 'campaign':
      return `#/c/${r.id}/settings`
  }
  return undefined
}

function Line({ row: r, onClose }: { row: AuditRow; onClose: () => void }) {
  const text = JSON.stringify(r.line, null, 2)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    toast(t('copied'))
  }
  const to = pageOf(r)
  return (
    <Dialog open size="wide" title={t('line')} onClose={onClose} footer={<><Button onClick={copy}>{t('copy')}</Button>{to && <Button href={to}>{t('toRecord')}</Button>}</>}>
      <div class="stack">
        <p>{what(r)} · {who(r)} · {dateTime(r.at, { exact: true })}</p>
        <p class="muted">{t('lineNote', { log: String(r.log), seq: String(r.seq) })}</p>
        <pre class="json" tabIndex={0} role="region" aria-label={t('line')}>{text}</pre>
      </div>
    </Dialog>
  )
}
