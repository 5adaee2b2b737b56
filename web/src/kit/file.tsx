/** Choosing files: by dialog or by dropping them. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { bytes } from '../i18n/format'
import { t } from '../i18n/kit'
import { IconButton } from './button'
import { useControl, type ControlProps } from './field'
import { IconClose, IconUpload } from './icons'

export interface FileInputProps extends ControlProps {
  files: readonly File[]
  onInput: (files: File[]) => void
  /** As of the native control: .fsx, image/* … */
  accept?: string
  multiple?: boolean
  /** Phones open their camera. */
  capture?: 'environment'
}

/** FileInput is a native file control under a button, with the chosen files listed below. */
export function FileInput(props: FileInputProps): VNode {
  const control = useControl(props)
  const [over, setOver] = useState(false)
  const take = (list: FileList | null | undefined) => {
    const chosen = Array.from(list ?? [])
    if (chosen.length > 0 && !control.disabled) {
      props.onInput(props.multiple ? [...props.files, ...chosen] : chosen.slice(0, 1))
    }
  }
  const drop = (e: DragEvent) => {
    e.preventDefault()
    setOver(false)
    take(e.dataTransfer?.files)
  }
  const hover = (e: DragEvent, on: boolean) => {
    e.preventDefault()
    setOver(on)
  }
  return (
    <div class={over ? 'file file-over' : 'file'} onDrop={drop} onDragOver={(e) => hover(e, true)} onDragLeave={(e) => hover(e, false)}>
      <label class="btn btn-default file-pick">
        <IconUpload size={18}/>
        <span class="btn-text">{t(props.multiple ? 'file.chooseMany' : 'file.choose')}</span>
        <input {...control} required={control.required && props.files.length === 0} type="file" accept={props.accept}
          multiple={props.multiple ?? false} capture={props.capture}
          onChange={(e) => {
            take(e.currentTarget.files)
            e.currentTarget.value = '' // so that the same file can be chosen again
          }}/>
      </label>
      {props.files.length === 0 && <span class="muted">{t('file.drop')}</span>}
      {props.files.length > 0 && (
        <ul class="file-list">
          {props.files.map((f, i) => (
            <li key={i}>
              <span class="file-name">{f.name}</span> <span class="muted">{bytes(f.size)}</span>
              <IconButton icon={IconClose} small label={t('file.remove', { name: f.name })}
                onClick={() => props.onInput(props.files.filter((_, j) => j !== i))}/>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
