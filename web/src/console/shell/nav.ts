/** What the side navigation offers: what the person may open, and nothing else. */
import { t } from '../../i18n/console/shell'
import {
  IconCalendar, IconDevice, IconFlag, IconHistory, IconHome, IconInbox, IconEdit, IconPeople, IconPhoto, IconCheck, IconReview, IconLock,
  IconSettings, IconTable, IconTally, IconUnit, IconUpload, IconWarning, type NavGroup,
} from '../../kit'
import { may, mayEverywhere } from '../me'
import { waiting } from './waiting'

export function navigation(campaign: string | undefined): NavGroup[] {
  const groups: NavGroup[] = []
  if (campaign) {
    groups.push(ofCampaign(campaign))
  }
  groups.push({
    label: t('group.base'),
    items: [
      { href: '#/units', label: t('units'), icon: IconUnit },
      { href: '#/people', label: t('people'), icon: IconPeople },
      ...(may('enrol') ? [{ href: '#/enrol', label: t('enrol'), icon: IconLock }] : []),
      { href: '#/devices', label: t('devices'), icon: IconDevice },
    ],
  }, {
    label: t('group.system'),
    items: [
      { href: '#/campaigns', label: t('campaigns'), icon: IconCalendar },
      { href: '#/templates', label: t('templates'), icon: IconTally },
      ...(mayEverywhere('manage') ? [{ href: '#/import', label: t('import'), icon: IconUpload }] : []),
      ...(may('audit') ? [{ href: '#/audit', label: t('audit'), icon: IconHistory }] : []),
    ],
  })
  return groups
}

function ofCampaign(campaign: string): NavGroup {
  const at = (page: string) => `#/c/${campaign}/${page}`
  const counts = waiting.value
  return {
    label: t('group.campaign'),
    items: [
      { href: at('overview'), label: t('overview'), icon: IconHome },
      { href: at('table'), label: t('table'), icon: IconTable },
      { href: at('review'), label: t('review'), icon: IconReview, count: counts?.review },
      { href: at('held'), label: t('held'), icon: IconInbox, count: counts?.held },
      { href: at('conflicts'), label: t('conflicts'), icon: IconWarning, count: counts?.conflicts },
      { href: at('suspects'), label: t('suspects'), icon: IconFlag, count: counts?.suspects },
      { href: at('photos'), label: t('photos'), icon: IconPhoto },
      { href: at('sheets'), label: t('sheets'), icon: IconEdit },
      { href: at('handins'), label: t('handins'), icon: IconCheck },
      { href: at('settings'), label: t('settings'), icon: IconSettings },
    ],
  }
}
