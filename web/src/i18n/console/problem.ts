/** What the person is told for the codes of refusals; other codes show the server's sentence. */
import { texts } from '../texts'

export const t = texts({
  zh: {
    network: '连不上服务器，请检查网络后重试。',
    internal: '服务器出错了，请稍后再试。',
    unauthorized: '登录已失效，请重新登录。',
    token_expired: '登录已过期，请重新登录。',
    bad_login: '账号或密码不对。',
    locked: '失败次数太多，已暂时锁定，请稍后再试。',
    forbidden: '您没有这项权限。',
    not_found: '没有找到，或者您无权查看。',
    moved: '内容刚刚被别人改过，请刷新后再操作。',
    conflict: '存在冲突，请先处理冲突。',
    overloaded: '请求太多，请稍后再试。',
    unavailable: '服务暂时不可用，请稍后再试。',
    too_large: '内容太大，请减少后再试。',
    unknown: '操作没有成功（{code}）。',
  },
  en: {
    network: 'The server cannot be reached. Check the network and try again.',
    internal: 'Something went wrong on the server. Try again later.',
    unauthorized: 'You are no longer signed in. Please sign in again.',
    token_expired: 'Your session is over. Please sign in again.',
    bad_login: 'The account or the password is wrong.',
    locked: 'Too many failed attempts. Locked for now; try again later.',
    forbidden: 'You are not allowed to do this.',
    not_found: 'Not found, or not for you to see.',
    moved: 'Somebody has just changed this. Reload, then decide.',
    conflict: 'There is a conflict. Settle it first.',
    overloaded: 'Too many requests. Try again later.',
    unavailable: 'Not available just now. Try again later.',
    too_large: 'Too large. Send less at once.',
    unknown: 'That did not work ({code}).',
  },
})
