/** The pages of the work on a campaign: overview, table, review and what waits. */
import type { Page } from '../../store/router'

export const pages: Page[] = []
