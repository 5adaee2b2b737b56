/** The frame around all pages of somebody who is signed in. */
import type { ComponentChildren, VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { t } from '../../i18n/console/shell'
import { roleWord, stateWord } from '../../i18n/console/words'
import { AppShell, IconLock, IconLogout, IconUser, Menu, Select, Tag } from '../../kit'
import { go, place } from '../../store/location'
import { campaignOf, campaigns, me, signOut } from '../me'
import { forgetUnits } from '../units'
import { campaignTones } from './campaigns'
import { here, remember } from './current'
import { navigation } from './nav'
import { watchWaiting } from './waiting'

export function Frame({ children }: { children: ComponentChildren }): VNode {
  const campaign = here.value
  useEffect(() => {
    if (!campaign) {
      return
    }
    remember(campaign)
    return watchWaiting(campaign)
  }, [campaign])
  return (
    <AppShell product={me.value?.roots[0]?.name ?? t('product')} context={<CampaignSwitch/>} groups={navigation(campaign)} tools={<Person/>}>
      {children}
    </AppShell>
  )
}

/** CampaignSwitch keeps the page and changes the campaign. */
function CampaignSwitch() {
  const current = here.value ?? ''
  const state = campaignOf(current)?.state
  if (campaigns.value.length === 0) {
    return null
  }
  const options = campaigns.value.map((c) => ({ value: c.id, label: c.title }))
  return (
    <div class="row campaign-switch">
      <Select label={t('switch')} value={current} options={options} onInput={(id) => go(`#/c/${id}/${subpage()}`)}/>
      {state && <Tag tone={campaignTones[state]}>{stateWord(state)}</Tag>}
    </div>
  )
}

/** subpage is the part of the campaign that is shown now, without what it has open. */
function subpage(): string {
  const [, first, , page] = place.value.path.split('/')
  return first === 'c' && page ? page : 'overview'
}

function Person() {
  const name = me.value?.officer.name ?? ''
  const roles = [...new Set(me.value?.grants.map((g) => g.unit_name + ' ' + roleWord(g.role)))]
  const leave = async () => {
    try {
      await signOut()
    } finally {
      forgetUnits()
      go('#/login')
    }
  }
  return (
    <Menu label={name} icon={IconUser} head={<><strong>{name}</strong>{roles.map((r) => <div key={r} class="muted">{r}</div>)}</>}
      items={[
        { label: t('account'), icon: IconUser, onSelect: () => go('#/account') },
        { label: t('password'), icon: IconLock, onSelect: () => go('#/password') },
        { label: t('signOut'), icon: IconLogout, onSelect: leave },
      ]}/>
  )
}
