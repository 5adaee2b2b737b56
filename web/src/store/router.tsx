/**
 * A small router. A page is a path with typed parameters and what it shows:
 *
 *   const pages = [page('/', () => <Overview/>), page('/units/:id', ({ id }, query) => <Unit id={id}/>)]
 *   <Router pages={pages} missing={() => <NotFound/>}/>
 */
import type { ComponentChildren, VNode } from 'preact'
import { LoadFault, Spinner } from '../kit/states'
import { place } from './location'
import { useResource } from './resource'

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

/** An Area is a group of pages in a file of its own, loaded when one of them is visited. */
export interface Area {
  /** The paths that may be in it. */
  at: RegExp
  /** () => import('../setup/routes'): a module that exports its pages. */
  load: () => Promise<{ pages: readonly Page[] }>
}

export interface RouterProps {
  pages: readonly Page[]
  areas?: readonly Area[]
  missing: () => ComponentChildren
}

/** Router shows the first page that matches. A page of other parameters is mounted anew, one of another query is not. */
export function Router({ pages, areas = [], missing }: RouterProps): VNode {
  const { path } = place.value
  const found = find(pages, path)
  if (found) {
    return <Shown key={path}>{found}</Shown>
  }
  const area = areas.find((a) => a.at.test(path))
  return area ? <InArea key={path} area={area} path={path} missing={missing}/> : <Shown key={path}>{missing()}</Shown>
}

function find(pages: readonly Page[], path: string): ComponentChildren | undefined {
  for (const candidate of pages) {
    const params = match(candidate.path, path)
    if (params) {
      return candidate.show(params, place.value.query)
    }
  }
  return undefined
}

const loaded = new Map<Area, readonly Page[]>()

/** InArea shows a page of an area, once that is loaded. */
function InArea(props: { area: Area; path: string; missing: () => ComponentChildren }) {
  const { data, error } = useResource(async () => {
    const pages = loaded.get(props.area) ?? (await props.area.load()).pages
    loaded.set(props.area, pages)
    return pages
  }, [props.area])
  const pages = loaded.get(props.area) ?? data
  if (error) { // a browser does not ask again for a module that it could not get
    return <LoadFault error={error} onRetry={() => location.reload()}/>
  }
  return <Shown>{pages ? (find(pages, props.path) ?? props.missing()) : <Spinner/>}</Shown>
}

function Shown(props: { children?: ComponentChildren }) {
  return <>{props.children}</>
}
