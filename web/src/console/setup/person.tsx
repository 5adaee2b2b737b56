/** One person: facts, account, rights, phones. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../../i18n/console/people'
import { t as shell } from '../../i18n/console/shell'
import { roleWord } from '../../i18n/console/words'
import { sentences } from '../../i18n/format'
import { relative } from '../../i18n/spans'
import {
  Button, Card, Checkbox, confirm, DescriptionList, Dialog, Form, IconEdit, LoadFault, PageHeader, Skeleton, Tag, toast,
} from '../../kit'
import { href } from '../../store/location'
import { useResource } from '../../store/resource'
import { api } from '../api'
import { me } from '../me'
import type { OfficerRow } from '../types'
import { loadUnits, mayIn } from '../units'
import { GrantList } from './grants'
import { AccountDialog, PersonDialog } from './person_form'
import { PhonesOf } from './phones_of'

export function Person({ id }: { id: string }): VNode {
  useResource(loadUnits, [])
  const person = useResource((signal) => api.get<OfficerRow>(`/officers/${id}`, undefined, signal), [id])
  const [editing, setEditing] = useState(false)
  const o = person.data
  const manages = o !== undefined && mayIn('manage', o.unit)
  return (
    <>
      <PageHeader title={o?.name ?? t('title')} path={[{ label: shell('people'), href: '#/people' }]}
        note={o && <>{o.unit_name} · {o.ended ? <Tag tone="off">{t('left')}</Tag> : roleWord(o.role)}</>}
        actions={o && manages && (
          <>
            {!o.ended && <Button icon={IconEdit} onClick={() => setEditing(true)}>{t('edit')}</Button>}
            <Service person={o} onDone={person.reload}/>
          </>
        )}/>
      {person.error && <LoadFault error={person.error} onRetry={person.reload}/>}
      {!o ? !person.error && <Skeleton lines={6}/> : (
        <div class="stack">
          <Card title={t('facts')}>
            <DescriptionList columns={3} facts={[
              { label: t('unit'), value: <a href={href('/units', { unit: o.unit })}>{o.unit_name}</a> },
              { label: t('role'), value: roleWord(o.role) },
              { label: t('seen'), value: o.last_seen_at ? relative(o.last_seen_at, Date.now()) : t('never') },
            ]}/>
          </Card>
          {!o.ended && <Access person={o} manages={manages} onDone={person.reload}/>}
          {manages && <GrantList person={o}/>}
          <PhonesOf person={o}/>
        </div>
      )}
      {editing && o && <PersonDialog person={o} onClose={() => setEditing(false)} onSaved={person.reload}/>}
    </>
  )
}

/** Service ends or renews somebody's service. */
function Service({ person: o, onDone }: { person: OfficerRow; onDone: () => void }) {
  const [ending, setEnding] = useState(false)
  const back = async () => {
    if (await confirm({ title: t('backTitle', { name: o.name }), body: t('backBody'), action: t('back') }) === undefined) {
      return
    }
    try {
      await api.patch(`/officers/${o.id}`, { version: o.version, ended: false })
    } catch (error) {
      onDone() // it may have moved
      throw error
    }
    toast(t('restored', { name: o.name }))
    onDone()
  }
  return (
    <>
      <Button onClick={o.ended ? back : () => setEnding(true)}>{t(o.ended ? 'back' : 'end')}</Button>
      {ending && !o.ended && <EndDialog person={o} onDone={onDone} onClose={() => setEnding(false)}/>}
    </>
  )
}

/** EndDialog ends somebody's service, and offers to revoke the phones with it. */
function EndDialog({ person: o, onDone, onClose }: { person: OfficerRow; onDone: () => void; onClose: () => void }) {
  const mayRevoke = o.devices > 0 && mayIn('enrol', o.unit)
  const [revoke, setRevoke] = useState(mayRevoke)
  const end = async () => {
    try {
      await api.patch(`/officers/${o.id}`, { version: o.version, ended: true, ...(revoke && mayRevoke ? { revoke_phones: true } : {}) })
    } catch (error) {
      onDone() // it may have moved
      throw error
    }
    toast(t('ended', { name: o.name }))
    onClose()
    onDone()
  }
  return (
    <Dialog open size="small" title={t('endTitle', { name: o.name })} onClose={onClose} focus=".form-actions [type=button]">
      <Form submit={t('end')} danger onCancel={onClose} onSubmit={end}>
        <p>{sentences([t('endBody'), o.open_codes > 0 ? t('endCodes') : ''])}</p>
        {mayRevoke && <Checkbox checked={revoke} onInput={setRevoke} hint={t('endPhonesHint')}>{t('endPhones', { n: o.devices })}</Checkbox>}
        {o.devices > 0 && !mayRevoke && <p class="muted">{t('endPhonesNoRight')}</p>}
      </Form>
    </Dialog>
  )
}

function Access({ person: o, manages, onDone }: { person: OfficerRow; manages: boolean; onDone: () => void }) {
  const [giving, setGiving] = useState(false)
  const own = me.value?.officer.id === o.id
  const take = async () => {
    const sure = await confirm({ title: t('takeTitle', { name: o.name }), body: t('takeBody'), action: t('take'), danger: true })
    if (sure === undefined) {
      return
    }
    await api.del(`/officers/${o.id}/login`)
    toast(t('taken'))
    onDone()
  }
  return (
    <Card title={t('access')} actions={manages && !own && (
      <>
        <Button small onClick={() => setGiving(true)}>{t(o.login ? 'reset' : 'give')}</Button>
        {o.login && <Button small onClick={take}>{t('take')}</Button>}
      </>
    )}>
      <p>{o.login ? t('access.has', { login: o.login }) : t('access.none')}</p>
      {own && <p class="muted">{t('ownLogin')} <a href="#/account">{shell('account')}</a></p>}
      {giving && <AccountDialog person={o} onClose={() => setGiving(false)} onSaved={onDone}/>}
    </Card>
  )
}
