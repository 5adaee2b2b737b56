/** Loading what a screen shows. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'

export interface Resource<T> {
  /** What was loaded last; it stays while the same is loaded again. */
  data: T | undefined
  error: Error | undefined
  loading: boolean
  reload: () => void
}

/**
 * useResource loads when the component appears and whenever a value of deps changes. An answer that comes after a newer
 * question is dropped; leaving the component aborts the question.
 */
export function useResource<T>(load: (signal: AbortSignal) => Promise<T>, deps: readonly unknown[]): Resource<T> {
  const [state, setState] = useState<Omit<Resource<T>, 'reload'>>({ data: undefined, error: undefined, loading: true })
  const [turn, setTurn] = useState(0)
  const latest = useRef(load)
  latest.current = load
  useEffect(() => {
    const control = new AbortController()
    setState((s) => ({ ...s, loading: true, error: undefined }))
    latest.current(control.signal).then(
      (data) => control.signal.aborted || setState({ data, error: undefined, loading: false }),
      (error: Error) => control.signal.aborted || aborted(error) || setState((s) => ({ ...s, error, loading: false })),
    )
    return () => control.abort()
  }, [turn, ...deps])
  const reload = useCallback(() => {
    setState((s) => ({ ...s, loading: true })) // at once: what is on the screen is old from here on
    setTurn((n) => n + 1)
  }, [])
  return { ...state, reload }
}

/** aborted says whether an error only means that nobody waits for the answer any more. */
export function aborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}
