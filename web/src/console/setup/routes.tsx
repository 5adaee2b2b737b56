/** The pages of set-up: units, people, phones, campaigns, templates, the trail. */
import { page, type Page } from '../../store/router'
import { PasswordPage } from '../shell/password'
import { Devices } from './devices'
import { Enrol } from './enrol'
import { People } from './people'
import { Person } from './person'
import { Units } from './units'

export const pages: Page[] = [
  page('/units', () => <Units/>),
  page('/people', () => <People/>),
  page('/people/:officer', ({ officer }) => <Person id={officer}/>),
  page('/enrol', () => <Enrol/>),
  page('/devices', () => <Devices/>),
  page('/password', () => <PasswordPage/>),
]
