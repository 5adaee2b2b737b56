/** Where a campaign stands, what each state means, and the ways on. */
import type { VNode } from 'preact'
import { t } from '../../i18n/console/campaigns'
import { stateWord } from '../../i18n/console/words'
import { Button, Card, confirm, Tag, toast } from '../../kit'
import { api } from '../api'
import { campaignTones } from '../shell/campaigns'
import type { Campaign, CampaignState } from '../types'
import { mayIn } from '../units'

const order: readonly CampaignState[] = ['draft', 'open', 'closing', 'closed', 'frozen']

/**
 * ways are the states that can follow, the usual one first. Freezing and amending have a page of their own; a campaign that
 * was frozen once never opens to phones again.
 */
function ways(c: Campaign): { to: CampaignState; label: string }[] {
  switch (c.state) {
    case 'draft':
      return [{ to: 'open', label: t('to.open') }]
    case 'open':
      return [{ to: 'closing', label: t('to.closing') }, { to: 'closed', label: t('to.closed') }]
    case 'closing':
      return [{ to: 'closed', label: t('to.closed') }, { to: 'open', label: t('to.reopen') }]
    case 'closed':
      return c.amendment > 0 ? [] : [{ to: 'closing', label: t('to.back') }]
    default:
      return []
  }
}

export function States({ campaign: c, onChanged }: { campaign: Campaign; onChanged: () => void }): VNode {
  const manages = mayIn('manage', c.unit, c.id)
  const freeze = `#/c/${c.id}/freeze`
  const turn = async (to: CampaignState) => {
    const reason = await confirm({ title: t(`ask.${to}` as 'ask.open'), body: t(`mean.${to}`), action: t(`ask.${to}` as 'ask.open'), reason: 'optional', reasonLabel: t('reason') })
    if (reason === undefined) {
      return
    }
    await changeState(c, { state: to, reason })
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
                {s === 'closed' && <Button kind="primary" href={freeze}>{t('to.frozen')}</Button>}
                {manages && ways(c).map((w, k) => (
                  <Button key={w.to} kind={k === 0 && s !== 'closed' ? 'primary' : 'default'} onClick={() => turn(w.to)}>{w.label}</Button>
                ))}
                {s === 'frozen' && <Button href={freeze}>{t('to.amend')}</Button>}
              </div>
            )}
          </li>
        ))}
      </ol>
    </Card>
  )
}

async function changeState(c: Campaign, body: { state: CampaignState; reason: string }): Promise<void> {
  await api.post(`/campaigns/${c.id}/state`, body)
  toast(t('stateDone', { state: stateWord(body.state) }))
}
