import type { Tone } from '../../kit'
import type { CampaignState } from '../types'

/** campaignTones are the colours of a campaign's states; the word stands beside them. */
export const campaignTones: Record<CampaignState, Tone> = {
  draft: 'off', open: 'success', closing: 'warning', closed: 'neutral', frozen: 'frozen',
}
