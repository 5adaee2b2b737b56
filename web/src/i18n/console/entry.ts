/** Pages before the console: sign-in, first set-up, passwords. */
import { texts } from '../texts'

export const t = texts({
  zh: {
    product: '3·15 活动填报汇总',
    login: '登录', 'login.do': '登录', 'login.name': '账号', 'login.password': '密码',
    'login.rule': '字母、数字、汉字或 . _ - @，2 至 64 个字',
    'login.help': '没有账号或忘记密码，请找本单位管理员开通或重置。外勤人员在手机上使用，不需要账号。',
    fresh: '尚未完成初始设置', 'fresh.title': '请打开初始设置链接', 'fresh.text': '服务器首次启动时会显示一次性链接，24 小时内有效。请由安装人员打开该链接，建立第一个单位和管理员账号。',
    signOut: '退出登录',
    password: '修改密码', 'password.text': '修改后，您在其他电脑上的登录会全部退出。',
    'password.first': '请先设置自己的密码', 'password.firstText': '现在的密码是管理员设置的，换成自己的密码后才能继续。',
    'password.old': '原密码', 'password.new': '新密码', 'password.again': '再次输入新密码', 'password.do': '修改密码',
    'password.rule': '至少 10 个字。长一点、自己记得住的一句话最好；不要用账号、重复字符或键盘连号。',
    'password.differ': '两次输入的新密码不一样', 'password.done': '密码已修改',
    setup: '初始设置', 'setup.text': '建立牵头单位和第一个管理员账号。其他单位、人员和活动登录后再添加。',
    'setup.unit': '牵头单位', 'setup.unitName': '单位名称', 'setup.unitNameHint': '会印在统计表和激活码上，请写全称', 'setup.unitCode': '单位编码', 'setup.unitCodeHint': '决定在表中的排列顺序，如 00',
    'setup.admin': '管理员', 'setup.name': '姓名', 'setup.nameHint': '真实姓名，操作记录中显示', 'setup.do': '完成设置',
    'setup.again': '为了安全，链接中的口令不会保留。请重新打开服务器显示的完整链接。',
  },
  en: {
    product: '3·15 campaign returns',
    login: 'Sign in', 'login.do': 'Sign in', 'login.name': 'Account', 'login.password': 'Password',
    'login.rule': 'Letters, digits, Chinese characters or . _ - @, 2 to 64 characters',
    'login.help': 'No account, or the password forgotten: ask your administrator. Field officers work on their phones and need no account.',
    fresh: 'Not set up yet', 'fresh.title': 'Open the set-up link', 'fresh.text': 'On its first start the server shows a one-time link that is good for 24 hours. Whoever installed it opens that link and makes the first unit and administrator.',
    signOut: 'Sign out',
    password: 'Change password', 'password.text': 'This signs you out on all other computers.',
    'password.first': 'Choose your own password', 'password.firstText': 'Your present password was set by an administrator. Choose one of your own to go on.',
    'password.old': 'Present password', 'password.new': 'New password', 'password.again': 'New password again', 'password.do': 'Change password',
    'password.rule': 'At least 10 characters. A longer sentence that you remember is best; not the account, repeated characters or runs along the keyboard.',
    'password.differ': 'The two new passwords differ', 'password.done': 'Password changed',
    setup: 'First set-up', 'setup.text': 'Make the collecting office and the first administrator. Other units, people and campaigns come after you are in.',
    'setup.unit': 'Collecting office', 'setup.unitName': 'Name of the unit', 'setup.unitNameHint': 'Printed on tables and activation sheets: the full name', 'setup.unitCode': 'Unit code', 'setup.unitCodeHint': 'Decides the order in tables, such as 00',
    'setup.admin': 'Administrator', 'setup.name': 'Name', 'setup.nameHint': 'The real one: the audit trail shows it', 'setup.do': 'Finish',
    'setup.again': 'For safety the secret of the link is not kept. Open the full link that the server shows again.',
  },
})
