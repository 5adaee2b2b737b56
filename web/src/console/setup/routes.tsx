/** The pages of set-up: units, people, phones, campaigns, templates, the trail. */
import { page, type Page } from '../../store/router'
import { PasswordPage } from '../shell/password'

export const pages: Page[] = [
  page('/password', () => <PasswordPage/>),
]
