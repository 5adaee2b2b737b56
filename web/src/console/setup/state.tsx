/** Where a campaign stands, what each state means, and the ways on. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../../i18n/console/campaigns'
import { stateWord } from '../../i18n/console/words'
import { Button, Card, Checkbox, confirm, Dialog, Field, Form, Loaded, Notice, Tag, Textarea, toast } from '../../kit'
import { useResource } from '../../store/resource'
import { api } from '../api'
import { Problem } from '../problem'
import { campaignTones } from '../shell/campaigns'
import type { Campaign, CampaignState, Overview } from '../types'
import { mayIn } from '../units'

const order: readonly CampaignState[] = ['draft', 'open', 'closing', 'closed', 'frozen']

/** ways are the states that can follow, the usual one first. A campaign that was frozen once never opens to phones again. */
function ways(c: Campaign): { to: CampaignState; label: string }[] {
  switch (c.state) {
    case 'draft':
      return [{ to: 'open', label: t('to.open') }]
    case 'open':
      return [{ to: 'closing', label: t('to.closing') }, { to: 'closed', label: t('to.closed') }]
    case 'closing':
      return [{ to: 'closed', label: t('to.closed') }, { to: 'open', label: t('to.reopen') }]
    case 'closed':
      return [{ to: 'frozen', label: t('to.frozen') }, ...(c.amendment > 0 ? [] : [{ to: 'closing' as const, label: t('to.back') }])]
    default:
      return []
  }
}

export function States({ campaign: c, onChanged }: { campaign: Campaign; onChanged: () => void }): VNode {
  const [freezing, setFreezing] = useState(false)
  const manages = mayIn('manage', c.unit, c.id)
  const decides = mayIn('decide', c.unit, c.id)
  const turn = async (to: CampaignState) => {
    if (to === 'frozen') {
      setFreezing(true)
      return
    }
    const reason = await confirm({ title: t(`ask.${to}` as 'ask.open'), body: t(`mean.${to}`), action: t(`ask.${to}` as 'ask.open'), reason: 'optional', reasonLabel: t('reason') })
    if (reason === undefined) {
      return
    }
    await changeState(c, { state: to, reason })
    onChanged()
  }
  const amend = async () => {
    const n = c.amendment + 1
    const reason = await confirm({ title: t('amendAsk', { n }), body: t('amendText', { n }), action: t('amend'), reason: 'required', reasonLabel: t('reasonAmend') })
    if (reason === undefined) {
      return
    }
    await api.post(`/campaigns/${c.id}/amendments`, { reason })
    toast(t('amended_done', { n }))
    onChanged()
  }
  const at = order.indexOf(c.state)
  return (
    <Card>
      <ol class="steps">
        {order.map((s, i) => (
          <li key={s} class={i === at ? 'step step-now' : i < at ? 'step step-past' : 'step'} aria-current={i === at ? 'step' : undefined}>
            <div class="step-name">
              <Tag tone={i === at ? campaignTones[s] : i < at ? 'success' : 'neutral'}>{stateWord(s)}</Tag>
              {i === at && <strong>{t('state.now')}</strong>}
            </div>
            <p class={i === at ? undefined : 'muted'}>{t(`mean.${s}`)}</p>
            {i === at && (
              <div class="row">
                {ways(c).map((w, k) => (w.to === 'frozen' ? decides : manages) && (
                  <Button key={w.to} kind={k === 0 ? 'primary' : 'default'} onClick={() => turn(w.to)}>{w.label}</Button>
                ))}
                {s === 'frozen' && decides && <Button onClick={amend}>{t('amend')}</Button>}
                {s === 'closed' && !decides && <span class="muted">{t('freezeWho')}</span>}
              </div>
            )}
          </li>
        ))}
      </ol>
      {freezing && <Freeze campaign={c} onClose={() => setFreezing(false)} onDone={onChanged}/>}
    </Card>
  )
}

async function changeState(c: Campaign, body: { state: CampaignState; reason: string; anyway?: boolean }): Promise<void> {
  try {
    await api.post(`/campaigns/${c.id}/state`, body)
  } catch (error) {
    if (error instanceof Problem && error.code === 'conflict') {
      const n = error.members.unreviewed
      throw { message: typeof n === 'number' ? t('unreviewed', { n }) : t(error.detail.includes('frozen once') ? 'e.frozenOnce' : 'e.building') }
    }
    throw error
  }
  toast(t('stateDone', { state: stateWord(body.state) }))
}

/** Freeze says what is still open before it happens. */
function Freeze({ campaign: c, onClose, onDone }: { campaign: Campaign; onClose: () => void; onDone: () => void }) {
  const overview = useResource((signal) => api.get<Overview>(`/campaigns/${c.id}/overview`, undefined, signal), [c.id])
  const [anyway, setAnyway] = useState(false)
  const [reason, setReason] = useState('')
  return (
    <Dialog open title={t('ask.frozen')} onClose={onClose}>
      <Loaded of={overview}>{({ events: e }) => {
        const open = e.received + e.edited + e.issues + e.returned
        const freeze = async () => {
          await changeState(c, { state: 'frozen', reason: reason.trim(), anyway })
          onClose()
          onDone()
        }
        return (
          <Form submit={t('to.frozen')} disabled={open > 0 && !anyway} onSubmit={freeze} onCancel={onClose}>
            <p>{t('mean.frozen')}</p>
            {open > 0
              ? <Notice kind="warning"><p>{t('unreviewed', { n: open })}</p><Checkbox checked={anyway} onInput={setAnyway}>{t('anyway')}</Checkbox></Notice>
              : <Notice kind="success">{t('freezeReady')}</Notice>}
            <Field label={t('reason')} name="reason"><Textarea value={reason} onInput={setReason} rows={2} maxLength={500}/></Field>
          </Form>
        )
      }}</Loaded>
    </Dialog>
  )
}
