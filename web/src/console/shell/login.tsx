/** The sign-in. It is shown at whatever address, and what was asked for opens after it. */
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { t } from '../../i18n/console/entry'
import { Field, Form, Notice, PasswordInput, TextInput } from '../../kit'
import { useResource } from '../../store/resource'
import { getStatus } from '../status'
import { me, signIn } from '../me'
import { Entry } from './entry'

export function Login(): VNode {
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const status = useResource(getStatus, [])
  useEffect(() => {
    me.value = undefined // of the session that is over
  }, [])
  if (status.data?.setup_needed) {
    return <Entry title={t('fresh')}><Notice title={t('fresh.title')}>{t('fresh.text')}</Notice></Entry>
  }
  return (
    <Entry title={t('login')}>
      <Form submit={t('login.do')} onSubmit={() => signIn(login, password)}>
        <Field label={t('login.name')} name="login" required>
          <TextInput value={login} onInput={setLogin} autocomplete="username" maxLength={64}/>
        </Field>
        <Field label={t('login.password')} name="password" required>
          <PasswordInput value={password} onInput={setPassword} maxLength={200}/>
        </Field>
      </Form>
      <p class="muted entry-foot">{t('login.help')}</p>
    </Entry>
  )
}
