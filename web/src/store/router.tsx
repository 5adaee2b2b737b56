/**
 * A small router. A page is a path with typed parameters and what it shows:
 *
 *   const pages = [page('/', () => <Overview/>), page('/units/:id', ({ id }, query) => <Unit id={id}/>)]
 *   <Router pages={pages} missing={() => <NotFound/>}/>
 */
import type { ComponentChildren, VNode } from 'preact'
import { place } from './location'

type PathNames<P> = P extends `${string}:${infer Name}/${infer Rest}`
  ? Name | PathNames<`/${Rest}`>
  : P extends `${string}:${infer Name}` ? Name : never

/** PathParams of '/units/:id' is {id: string}. */
export type PathParams<P extends string> = { [name in PathNames<P>]: string }

export interface Page {
  path: string
  show: (params: Record<string, string>, query: URLSearchParams) => ComponentChildren
}

/** page declares a page; its parameters are decoded. */
export function page<P extends string>(
  path: P,
  show: (params: PathParams<P>, query: URLSearchParams) => ComponentChildren,
): Page {
  return { path, show: show as Page['show'] }
}

/** match returns the parameters of path in pattern, or undefined when it is another path. */
export function match(pattern: string, path: string): Record<string, string> | undefined {
  const want = pattern.split('/')
  const have = path.replace(/(.)\/$/, '$1').split('/')
  if (want.length !== have.length) {
    return undefined
  }
  const params: Record<string, string> = {}
  for (const [i, part] of want.entries()) {
    const value = have[i] ?? ''
    if (!part.startsWith(':')) {
      if (part !== value) {
        return undefined
      }
      continue
    }
    try {
      params[part.slice(1)] = decodeURIComponent(value)
    } catch {
      return undefined // a broken address is no address
    }
  }
  return params
}

/** Router shows the first page that matches. A page of other parameters is mounted anew, one of another query is not. */
export function Router(props: { pages: Page[]; missing: () => ComponentChildren }): VNode {
  const { path, query } = place.value
  for (const candidate of props.pages) {
    const params = match(candidate.path, path)
    if (params) {
      return <Shown key={path}>{candidate.show(params, query)}</Shown>
    }
  }
  return <Shown key={path}>{props.missing()}</Shown>
}

function Shown(props: { children?: ComponentChildren }) {
  return <>{props.children}</>
}
