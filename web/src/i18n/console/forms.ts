/** What all forms of the console say. */
import { texts } from '../texts'

export const t = texts({
  zh: {
    save: '保存', moved: '您打开以后，别人改过这里。下面列出了改动，您填写的内容还在；请核对后再保存。',
    'moved.title': '别人刚刚的改动',
  },
  en: {
    save: 'Save', moved: 'Somebody changed this after you opened it. What they changed is listed; what you typed is still here. Check it, then save again.',
    'moved.title': 'Just changed by somebody else',
  },
})
