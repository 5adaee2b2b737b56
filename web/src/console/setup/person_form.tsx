/** Forms about a person: facts, and the office account. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../../i18n/console/people'
import { roleWord } from '../../i18n/console/words'
import { Button, Checkbox, Dialog, Field, Form, TextInput, toast } from '../../kit'
import { go } from '../../store/location'
import { api } from '../api'
import { me } from '../me'
import type { OfficerRow, Role } from '../types'
import { mayIn } from '../units'
import { EditForm, type Spec, type Values } from './fields'
import { roles } from './people'

const specs = (): Spec[] => [
  { name: 'name', label: t('name'), kind: 'text', required: true, max: 100 },
  { name: 'unit', label: t('unit'), kind: 'unit', required: true, keep: (u) => mayIn('manage', u.id) },
  {
    name: 'role', label: t('role'), kind: 'radio', required: true, wide: true,
    options: roles.map((r) => ({ value: r, label: roleWord(r), hint: t(`role.hint.${r}`) })),
  },
]

/** PersonDialog adds somebody, or changes name, unit and role. */
export function PersonDialog({ person, unit, onClose, onSaved }: {
  person?: OfficerRow
  /** The unit that is chosen at first. */
  unit?: string
  onClose: () => void
  onSaved?: (person: OfficerRow) => void
}): VNode {
  const [version, setVersion] = useState(person?.version ?? 0)
  const [signsIn, setSignsIn] = useState(false)
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const add = async (all: Values) => {
    const account = signsIn ? { login: login.trim(), password } : {}
    const made = await api.post<OfficerRow>('/officers', { ...all, ...account })
    toast(t('added', { name: made.name }))
    go(`#/people/${made.id}`)
  }
  const change = async (changed: Values) => {
    const now = await api.patch<OfficerRow>(`/officers/${person?.id}`, { version, ...changed })
    toast(t('saved'))
    onSaved?.(now)
  }
  const save = async (changed: Values, all: Values) => {
    await (person ? change(changed) : add(all))
    onClose()
  }
  const reload = async () => {
    const now = await api.get<OfficerRow>(`/officers/${person?.id}`)
    setVersion(now.version)
    return { ...now }
  }
  return (
    <Dialog open title={person ? t('edit') + ' · ' + person.name : t('add')} onClose={onClose}>
      <EditForm specs={specs()} from={person ? { ...person } : { unit: first(unit), role: 'officer' }} onSave={save} onCancel={onClose}
        {...(person ? { reload } : {})}>
        {!person && <Checkbox checked={signsIn} onInput={setSignsIn}>{t('addLogin')}</Checkbox>}
        {signsIn && <Account login={login} setLogin={setLogin} password={password} setPassword={setPassword}/>}
      </EditForm>
    </Dialog>
  )
}

/** first is the unit to begin with, when the person manages there. */
function first(unit: string | undefined): string {
  const own = me.value?.officer.unit ?? ''
  return unit && mayIn('manage', unit) ? unit : mayIn('manage', own) ? own : ''
}

interface AccountProps {
  login: string
  setLogin: (login: string) => void
  password: string
  setPassword: (password: string) => void
}

/** Account is a login with a first password, which is shown: somebody has to read it to its owner. */
function Account(props: AccountProps) {
  return (
    <div class="stack">
      <Field label={t('login')} name="login" hint={t('loginHint')} required>
        <TextInput value={props.login} onInput={props.setLogin} minLength={2} maxLength={64}/>
      </Field>
      <Field label={t('first')} name="password" hint={t('firstHint')} required>
        <div class="input-group">
          <TextInput value={props.password} onInput={props.setPassword} minLength={10} maxLength={200}/>
          <Button onClick={() => props.setPassword(suggestion())}>{t('suggest')}</Button>
        </div>
      </Field>
    </div>
  )
}

/** suggestion is four groups that are easily read out: no 0 O 1 l. */
function suggestion(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
  const random = crypto.getRandomValues(new Uint8Array(16))
  const text = Array.from(random, (b) => letters.charAt(b % letters.length)).join('')
  return text.replace(/(.{4})(?=.)/g, '$1-')
}

/** AccountDialog gives an account or a new first password. */
export function AccountDialog({ person, onClose, onSaved }: { person: OfficerRow; onClose: () => void; onSaved: () => void }): VNode {
  const [login, setLogin] = useState(person.login ?? '')
  const [password, setPassword] = useState('')
  const save = async () => {
    await api.put(`/officers/${person.id}/login`, { login: login.trim(), password })
    toast(t('given'), 'success', 12_000)
    onSaved()
    onClose()
  }
  return (
    <Dialog open title={t(person.login ? 'reset.title' : 'give.title', { name: person.name })} onClose={onClose}>
      <Form submit={t(person.login ? 'reset' : 'give')} onSubmit={save} onCancel={onClose}>
        <Account login={login} setLogin={setLogin} password={password} setPassword={setPassword}/>
      </Form>
    </Dialog>
  )
}

export type { Role }
