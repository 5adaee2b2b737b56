/** Pictures that are loaded with the token, some at a time, as they come into view, and given back when nobody looks. */
import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { t } from '../../i18n/console/photos'
import { IconPhoto } from '../../kit'
import { blob } from '../api'
import { aborted } from '../../store/resource'
import './photos.css'

/** So many are under way at once: the others wait, and the lists of the page are not held up. */
const most = 4
const waiting: (() => void)[] = []
let running = 0

async function inTurn<T>(signal: AbortSignal, load: () => Promise<T>): Promise<T> {
  if (running >= most) {
    await new Promise<void>((go) => waiting.push(go))
  }
  running++
  try {
    signal.throwIfAborted?.() // browsers from before it find out when they fetch
    return await load()
  } finally {
    running--
    waiting.shift()?.()
  }
}

export type Variant = 'preview' | 'original' | 'stamped'

/** pathOf is where a variant of a photo is. */
export const pathOf = (p: { campaign: string; unit: string; id: string }, variant: Variant): string =>
  `/campaigns/${p.campaign}/units/${p.unit}/photos/${p.id}/${variant}`

export interface PictureProps {
  path: string
  alt: string
  /** Loaded at once, for print. */
  eager?: boolean
  /** Whether it is there, or will not come. */
  onDone?: () => void
}

/** Picture shows one picture in the frame that it stands in. */
export function Picture({ path, alt, eager = false, onDone }: PictureProps): VNode {
  const frame = useRef<HTMLSpanElement>(null)
  const [seen, setSeen] = useState(eager || typeof IntersectionObserver === 'undefined')
  const [url, setUrl] = useState<string>()
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    if (seen || !frame.current) {
      return undefined
    }
    const watch = new IntersectionObserver((entries) => entries.some((e) => e.isIntersecting) && setSeen(true), { rootMargin: '300px' })
    watch.observe(frame.current)
    return () => watch.disconnect()
  }, [seen])
  useEffect(() => {
    if (!seen) {
      return undefined
    }
    const control = new AbortController()
    let made: string | undefined
    setFailed(false)
    inTurn(control.signal, () => blob(path, path.endsWith('/original') ? { direct: true } : undefined, control.signal)).then((b) => {
      if (!control.signal.aborted) {
        made = URL.createObjectURL(b)
        setUrl(made)
      }
    }).catch((error: unknown) => {
      if (!aborted(error) && !control.signal.aborted) {
        setFailed(true)
        onDone?.()
      }
    })
    return () => {
      control.abort()
      setUrl(undefined)
      if (made) {
        URL.revokeObjectURL(made)
      }
    }
  }, [path, seen])
  return (
    <span class="picture" ref={frame}>
      {url
        ? <img src={url} alt={alt} onLoad={onDone} onError={() => {
          setFailed(true)
          setUrl(undefined)
          onDone?.()
        }}/>
        : failed ? <span class="picture-gap"><IconPhoto/>{t('gap.failed')}</span> : <span class="picture-wait" aria-hidden="true"/>}
    </span>
  )
}
