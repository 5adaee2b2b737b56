/** Choosing a password of one's own. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../../i18n/console/entry'
import { Button, Field, Form, PageHeader, Card, PasswordInput, toast } from '../../kit'
import { go } from '../../store/location'
import { api } from '../api'
import { loadMe, signOut } from '../me'
import { mustChange } from '../session'
import { Entry } from './entry'

/** ForcedPassword stands before everything while the password was chosen by somebody else. */
export function ForcedPassword(): VNode {
  const done = async () => {
    mustChange.value = false
    await loadMe()
  }
  return (
    <Entry title={t('password.first')} note={t('password.firstText')}>
      <PasswordForm onDone={done} actions={<Button kind="link" onClick={signOut}>{t('signOut')}</Button>}/>
    </Entry>
  )
}

/** PasswordPage is for whoever wants another password. */
export function PasswordPage(): VNode {
  return (
    <>
      <PageHeader title={t('password')} note={t('password.text')}/>
      <Card><div class="narrow"><PasswordForm onDone={() => go('#/account')}/></div></Card>
    </>
  )
}

function PasswordForm(props: { onDone: () => unknown; actions?: VNode }) {
  const [old, setOld] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const send = async () => {
    if (next !== again) {
      throw { message: t('password.differ'), fields: { again: t('password.differ') } }
    }
    await api.put('/me/password', { old_password: old, password: next })
    toast(t('password.done'))
    await props.onDone()
  }
  return (
    <Form submit={t('password.do')} onSubmit={send} actions={props.actions}>
      <Field label={t('password.old')} name="old_password" required>
        <PasswordInput value={old} onInput={setOld} maxLength={200}/>
      </Field>
      <NewPassword value={next} onInput={setNext} label={t('password.new')}/>
      <Field label={t('password.again')} name="again" required>
        <PasswordInput value={again} onInput={setAgain} maxLength={200} autocomplete="new-password"/>
      </Field>
    </Form>
  )
}

/** NewPassword is the field for a password that is being chosen. */
export function NewPassword(props: { label: string; value: string; onInput: (value: string) => void; hint?: string }): VNode {
  return (
    <Field label={props.label} name="password" hint={props.hint ?? t('password.rule')} required>
      <PasswordInput value={props.value} onInput={props.onInput} minLength={10} maxLength={200} autocomplete="new-password"/>
    </Field>
  )
}
