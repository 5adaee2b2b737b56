/** The pages of set-up: units, people, phones, campaigns, templates, the trail. */
import { t } from '../../i18n/console/shell'
import { page, type Page } from '../../store/router'
import { may, mayEverywhere } from '../me'
import { Allowed } from '../shell/no_right'
import { PasswordPage } from '../shell/password'
import { Account } from './account'
import { Trail } from './audit'
import { CampaignNew, Campaigns } from './campaigns'
import { Devices } from './devices'
import { Enrol } from './enrol'
import { Import } from './import'
import { People } from './people'
import { Person } from './person'
import { Settings } from './settings'
import { TemplateEdit } from './template_edit'
import { Template, Templates } from './templates'
import { Units } from './units'

export const pages: Page[] = [
  page('/units', () => <Units/>),
  page('/people', () => <People/>),
  page('/people/:officer', ({ officer }) => <Person id={officer}/>),
  page('/enrol', () => <Allowed when={may('enrol')} title={t('enrol')}><Enrol/></Allowed>),
  page('/devices', () => <Devices/>),
  page('/campaigns', () => <Campaigns/>),
  page('/campaigns/new', () => <Allowed when={may('manage')} title={t('campaigns')}><CampaignNew/></Allowed>),
  page('/c/:campaign/settings', ({ campaign }) => <Settings id={campaign}/>),
  page('/templates', () => <Templates/>),
  page('/templates/new', () => <Allowed when={mayEverywhere('manage')} title={t('templates')}><TemplateEdit/></Allowed>),
  page('/templates/:code', ({ code }) => <Template code={code}/>),
  page('/audit', () => <Allowed when={may('audit')} title={t('audit')}><Trail/></Allowed>),
  page('/import', () => <Allowed when={mayEverywhere('manage')} title={t('import')}><Import/></Allowed>),
  page('/account', () => <Account/>),
  page('/password', () => <PasswordPage/>),
]
