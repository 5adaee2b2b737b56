/** What the person is told when no server said it. */
import { texts } from '../texts'

export const t = texts({
  zh: {
    network: '连不上服务器，请检查网络后重试。',
    unknown: '操作没有成功（{code}），请稍后再试。',
  },
  en: {
    network: 'The server cannot be reached. Check the network and try again.',
    unknown: 'That did not work ({code}). Try again later.',
  },
})
