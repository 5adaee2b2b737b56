/** What is shown when a part of an app fails. */
import { Component, type ComponentChildren } from 'preact'
import { t } from '../i18n/kit'
import { Button } from './button'
import { Notice } from './notice'

/** Guard shows a message instead of children that failed. Wrap one around what may fail without taking the page with it. */
export class Guard extends Component<{ children: ComponentChildren }, { error: Error | undefined }> {
  override state = { error: undefined }

  override componentDidCatch(error: Error): void {
    console.error(error)
    this.setState({ error })
  }

  override render() {
    const error: Error | undefined = this.state.error
    if (!error) {
      return this.props.children
    }
    return (
      <div class="guard">
        <Notice kind="error" title={t('guard.title')} live
          actions={<Button kind="primary" onClick={() => location.reload()}>{t('guard.reload')}</Button>}>
          <p>{t('guard.text')}</p>
          <p><code>{String(error)}</code></p>
        </Notice>
      </div>
    )
  }
}
