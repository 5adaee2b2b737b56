/** The first set-up, opened by the one-time link that the server shows when it starts for the first time. */
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { t } from '../../i18n/console/entry'
import { Field, Form, Notice, TextInput } from '../../kit'
import { go } from '../../store/location'
import { open } from '../api'
import { take } from '../me'
import type { Signed } from '../session'
import { Entry } from './entry'
import { NewPassword } from './password'

export function FirstRun({ token }: { token: string }): VNode {
  const [unit, setUnit] = useState('')
  const [code, setCode] = useState('')
  const [name, setName] = useState('')
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  useEffect(() => {
    // The token opens the server to whoever has it: it does not stay in the history of a shared computer.
    history.replaceState(history.state, '', location.pathname + location.search + '#/setup/-')
  }, [])
  const send = async () => {
    await take(await open<Signed>('/setup', { token, unit: { name: unit.trim(), code: code.trim() }, name: name.trim(), login: login.trim(), password }))
    go('#/', { replace: true })
  }
  return (
    <Entry title={t('setup')} note={t('setup.text')} wide>
      {token === '-' && <Notice kind="warning">{t('setup.again')}</Notice>}
      <Form submit={t('setup.do')} onSubmit={send}>
        <fieldset class="part">
          <legend>{t('setup.unit')}</legend>
          <div class="pair">
            <Field label={t('setup.unitName')} name="unit.name" hint={t('setup.unitNameHint')} required>
              <TextInput value={unit} onInput={setUnit} maxLength={200} autocomplete="organization"/>
            </Field>
            <Field label={t('setup.unitCode')} name="unit.code" hint={t('setup.unitCodeHint')} required>
              <TextInput value={code} onInput={setCode} maxLength={40}/>
            </Field>
          </div>
        </fieldset>
        <fieldset class="part">
          <legend>{t('setup.admin')}</legend>
          <div class="pair">
            <Field label={t('setup.name')} name="name" hint={t('setup.nameHint')} required>
              <TextInput value={name} onInput={setName} maxLength={100} autocomplete="name"/>
            </Field>
            <Field label={t('login.name')} name="login" hint={t('login.rule')} required>
              <TextInput value={login} onInput={setLogin} minLength={2} maxLength={64} autocomplete="username"/>
            </Field>
          </div>
          <NewPassword label={t('login.password')} value={password} onInput={setPassword}/>
        </fieldset>
      </Form>
    </Entry>
  )
}
