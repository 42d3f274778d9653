// Asks registries for the tags of an image, as any client may (the distribution specification of OCI).
import { fail } from './cli.ts'

const accept = 'application/json'

/** Every tag of an image such as `docker.io/valkey/valkey`; `mirror` is asked instead of its own registry. */
export async function listTags(image: string, mirror?: string): Promise<string[]> {
  const [host = '', ...rest] = image.split('/')
  // Docker's registry is not where its name says.
  const origin = mirror ?? `https://${host === 'docker.io' ? 'registry-1.docker.io' : host}`
  const tags: string[] = []
  let page: URL | undefined = new URL(`/v2/${rest.join('/')}/tags/list?n=1000`, origin)
  let token: string | undefined
  while (page) {
    let answer = await get(page, token)
    if (answer.status === 401) {
      token = await login(answer, image)
      answer = await get(page, token)
    }
    if (!answer.ok) fail(`images: ${page.host} answers ${answer.status} for ${image}. Try later.`)
    const { tags: more } = (await answer.json()) as { readonly tags?: readonly string[] | null }
    tags.push(...(more ?? []))
    const [, next] = /<([^>]+)>;\s*rel="?next"?/.exec(answer.headers.get('link') ?? '') ?? []
    page = next === undefined ? undefined : new URL(next, page)
  }
  return tags
}

/** A token for reading, which registries give to anybody. */
async function login(answer: Response, image: string): Promise<string> {
  const challenge = answer.headers.get('www-authenticate') ?? ''
  const params = new Map(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text]) => [key, text]),
  )
  const realm = params.get('realm')
  if (!realm) fail(`images: ${new URL(answer.url).host} wants a login for ${image}.`)
  const url = new URL(realm)
  for (const key of ['service', 'scope']) url.searchParams.set(key, params.get(key) ?? '')
  const { token, access_token } = (await (await get(url)).json()) as Record<
    string,
    string | undefined
  >
  return token ?? access_token ?? ''
}

async function get(url: URL, token?: string): Promise<Response> {
  const headers = token === undefined ? { accept } : { accept, authorization: `Bearer ${token}` }
  try {
    return await fetch(url, { headers, signal: AbortSignal.timeout(30_000) })
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const reason = cause instanceof Error ? cause.message : String(cause)
    return fail(`images: cannot reach ${url.host} (${reason}). Check the network.`)
  }
}
