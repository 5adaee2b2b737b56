/** One phone: facts, what is wrong with it and what to do about it. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../../i18n/console/devices'
import { dateTime } from '../../i18n/format'
import { Button, confirm, DescriptionList, Dialog, Field, Form, Loaded, Notice, TextInput, toast } from '../../kit'
import { href } from '../../store/location'
import { useResource } from '../../store/resource'
import { api } from '../api'
import { here } from '../shell/current'
import type { DeviceRow } from '../types'
import { mayIn } from '../units'
import { clockIsOff, clockWord, originals, owed, owes, silent, States } from './device_words'

export function Device({ id, onClose, onChanged }: { id: string; onClose: () => void; onChanged: () => void }): VNode {
  const device = useResource((signal) => api.get<DeviceRow>(`/devices/${id}`, undefined, signal), [id])
  const changed = () => {
    device.reload()
    onChanged()
  }
  return (
    <Dialog open size="side" title={device.data?.name || t('unnamed')} onClose={onClose}>
      <Loaded of={device} lines={6}>{(d) => (
        <div class="stack">
          <States device={d}/>
          <Advice device={d}/>
          <Facts device={d}/>
          {mayIn('enrol', d.unit) && <Actions device={d} onChanged={changed}/>}
        </div>
      )}</Loaded>
    </Dialog>
  )
}

/** Advice says what each state means and what to do. */
function Advice({ device: d }: { device: DeviceRow }) {
  const lines = [
    d.revoked_at > 0 && t('why.revoked'), d.forked && t('why.forked'), d.behind && t('why.behind'), owes(d) && t('why.owing'),
    d.revoked_at === 0 && !owes(d) && silent(d) && t('why.silent'), clockIsOff(d) && t('why.clock'),
  ].filter(Boolean)
  if (lines.length === 0) {
    return null
  }
  return <Notice kind={d.forked || d.behind ? 'error' : 'warning'}>{lines.map((l) => <p key={l}>{l}</p>)}</Notice>
}

function Facts({ device: d }: { device: DeviceRow }) {
  return (
    <DescriptionList facts={[
      { label: t('person'), value: <a href={`#/people/${d.officer}`}>{d.officer_name}</a> },
      { label: t('unit'), value: d.unit_name },
      { label: t('heard'), value: d.last_heard_at ? dateTime(d.last_heard_at) : t('never') },
      { label: t('owes'), value: owed(d) },
      { label: t('originals'), value: originals(d) },
      { label: t('clock'), value: clockWord(d) },
      { label: t('platform'), value: d.platform || '—' },
      { label: t('lines'), value: d.lines },
      { label: t('enrolled'), value: dateTime(d.enrolled_at) },
      { label: t('epochs'), value: d.epochs },
      {
        label: t('held'),
        value: d.held > 0 && here.value
          ? <>{d.held} · <a href={href(`/c/${here.value}/held`, { device: d.id })}>{t('toHeld')}</a></>
          : d.held,
      },
    ]}/>
  )
}

function Actions({ device: d, onChanged }: { device: DeviceRow; onChanged: () => void }) {
  const [naming, setNaming] = useState(false)
  const [name, setName] = useState(d.name)
  const revoked = d.revoked_at > 0
  const rename = async () => {
    await api.patch(`/devices/${d.id}`, { name: name.trim() })
    toast(t('renamed'))
    setNaming(false)
    onChanged()
  }
  const revoke = async () => {
    const sure = await confirm(revoked
      ? { title: t('restoreTitle'), body: t('restoreBody'), action: t('restore') }
      : { title: t('revokeTitle'), body: t('revokeBody'), action: t('revoke'), danger: true })
    if (sure === undefined) {
      return
    }
    await api.patch(`/devices/${d.id}`, { revoked: !revoked })
    toast(t(revoked ? 'restoreDone' : 'revokeDone'))
    onChanged()
  }
  if (naming) {
    return (
      <Form submit={t('rename')} onSubmit={rename} onCancel={() => setNaming(false)}>
        <Field label={t('name')} name="name" hint={t('nameHint')} required><TextInput value={name} onInput={setName} maxLength={60}/></Field>
      </Form>
    )
  }
  return (
    <div class="row">
      <Button onClick={() => setNaming(true)}>{t('rename')}</Button>
      <Button kind={revoked ? 'primary' : 'danger'} onClick={revoke}>{t(revoked ? 'restore' : 'revoke')}</Button>
    </div>
  )
}
