/** Giving out activation codes: choose for whom, print the sheet, see what became of them. */
import { signal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { t } from '../../i18n/console/enrol'
import { roleWord } from '../../i18n/console/words'
import {
  Card, DataTable, Field, Form, LoadFault, NumberInput, PageHeader, Pager, RadioGroup, SearchBox, Select, Tabs,
} from '../../kit'
import { place, setQuery } from '../../store/location'
import { useResource } from '../../store/resource'
import { api } from '../api'
import { usePaged } from '../lists'
import { me } from '../me'
import type { Enrolments, OfficerRow } from '../types'
import { loadUnits, mayIn, unitOptions, units } from '../units'
import { Codes } from './codes'
import { Sheet } from './enrol_sheet'

/** The codes that were just made: in memory only, for they are shown once. */
const made = signal<Enrolments | undefined>(undefined)

export function Enrol(): VNode {
  useResource(loadUnits, [])
  useEffect(() => () => {
    made.value = undefined
  }, [])
  const tab = place.value.query.get('tab') === 'list' ? 'list' : 'make'
  if (made.value) {
    return <Sheet made={made.value} onDone={() => {
      made.value = undefined
      setQuery({ tab: 'list', officer: undefined, name: undefined })
    }}/>
  }
  return (
    <>
      <PageHeader title={t('title')} note={t('note')}/>
      <Tabs label={t('tabs')} value={tab} onChange={(key) => setQuery({ tab: key })}
        tabs={[{ key: 'make', label: t('make') }, { key: 'list', label: t('list') }]}>
        {tab === 'make' ? <Make/> : <Codes/>}
      </Tabs>
    </>
  )
}

type Who = 'unit' | 'people'

function Make() {
  const query = place.value.query
  const officer = query.get('officer') ?? ''
  const [who, setWho] = useState<Who>(officer ? 'people' : 'unit')
  const [unit, setUnit] = useState(query.get('unit') ?? '')
  const [people, setPeople] = useState<Set<string>>(new Set(officer ? [officer] : []))
  const [days, setDays] = useState<number | undefined>(7)
  const enrols = (id: string) => mayIn('enrol', id)
  useEffect(() => {
    if (!unit && units.value.length > 0) { // the topmost unit where codes may be given out
      const own = me.value?.officer.unit ?? ''
      setUnit(enrols(own) ? own : units.value.find((u) => enrols(u.id))?.id ?? '')
    }
  }, [units.value.length])
  const send = async () => {
    if (who === 'people' && people.size === 0) {
      throw { message: t('nobody') }
    }
    made.value = await api.post<Enrolments>('/enrolments', { ...(who === 'unit' ? { unit } : { officers: [...people] }), days })
    window.scrollTo(0, 0)
  }
  // The list has a search of its own, and a form does not stand in a form.
  return (
    <Card>
      <div class="form">
        <Field label={t('who')} name="who" group required>
          <RadioGroup<Who> value={who} onInput={setWho} options={[{ value: 'unit', label: t('who.unit') }, { value: 'people', label: t('who.people') }]}/>
        </Field>
        <div class="narrow">
          <Field label={t('unit')} name="unit" required={who === 'unit'}>
            <Select value={unit} onInput={setUnit} options={unitOptions((u) => enrols(u.id))}/>
          </Field>
        </div>
        {who === 'people' && <Choose unit={unit} q={query.get('name') ?? ''} chosen={people} onChoose={setPeople}/>}
        <Form submit={t('do')} onSubmit={send}>
          <Field label={t('days')} name="days" hint={t('daysHint')} required>
            <NumberInput value={days} onInput={setDays} min={1} max={90} unit={t('daysUnit')}/>
          </Field>
        </Form>
      </div>
    </Card>
  )
}

/** Choose keeps who was chosen while the list is searched and paged. */
function Choose(props: { unit: string; q: string; chosen: Set<string>; onChoose: (chosen: Set<string>) => void }) {
  const [q, setQ] = useState(props.q)
  const { page, rows, pager } = usePaged<OfficerRow>('/officers', { unit: props.unit, q, ended: 'false', limit: 20 })
  return (
    <div class="stack">
      <div class="row">
        <SearchBox label={t('find')} value={q} onSearch={setQ}/>
        <span role="status">{t('chosen', { n: props.chosen.size })}</span>
      </div>
      {page.error && <LoadFault error={page.error} onRetry={page.reload}/>}
      <DataTable caption={t('people')} rows={rows} rowKey={(o) => o.id} rowLabel={(o) => o.name} loading={page.loading}
        selected={props.chosen} onSelect={props.onChoose}
        columns={[
          { key: 'name', label: t('name'), cell: (o) => o.name, main: true },
          { key: 'unit', label: t('unit'), cell: (o) => o.unit_name },
          { key: 'role', label: t('role'), cell: (o) => roleWord(o.role) },
          { key: 'phones', label: t('phones'), cell: (o) => o.devices, align: 'number' },
          { key: 'open', label: t('open'), cell: (o) => o.open_codes, align: 'number' },
        ]}/>
      <Pager {...pager}/>
    </div>
  )
}
