/** The pages of set-up: units, people, phones, campaigns, templates, the trail. */
import { page, type Page } from '../../store/router'
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
  page('/enrol', () => <Enrol/>),
  page('/devices', () => <Devices/>),
  page('/campaigns', () => <Campaigns/>),
  page('/campaigns/new', () => <CampaignNew/>),
  page('/c/:campaign/settings', ({ campaign }) => <Settings id={campaign}/>),
  page('/templates', () => <Templates/>),
  page('/templates/new', () => <TemplateEdit/>),
  page('/templates/:code', ({ code }) => <Template code={code}/>),
  page('/audit', () => <Trail/>),
  page('/import', () => <Import/>),
  page('/account', () => <Account/>),
  page('/password', () => <PasswordPage/>),
]
