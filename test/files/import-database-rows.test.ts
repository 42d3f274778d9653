// The rows of a dump: copied byte by byte, counted, and refused if some may be missing.
import { describe, expect, test } from 'vitest'
import { awks, dumpOf, dumpWith, translate } from './awk.ts'

const lookAlikes = [
  'GRANT ALL ON TABLE public.accounts TO mastodon;',
  'ALTER TABLE public.accounts OWNER TO mastodon;',
  'INSERT INTO public.accounts VALUES (1);',
  'CREATE ROLE mastodon;',
  '-- PostgreSQL database dump complete',
  '-- PostgreSQL database cluster dump',
  '\\restrict Xy1',
  '\\! id',
  '\\.1',
  ' \\.',
  'COPY public.accounts (id) FROM stdin;',
]

// A row may have every byte but newline and zero, and need not be text in any encoding.
const allBytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).filter(
  (byte) => byte !== 0 && byte !== 10,
)

const rows: readonly (readonly [what: string, data: Buffer, count: number])[] = [
  ['rows that look like statements', Buffer.from(`${lookAlikes.join('\n')}\n`), lookAlikes.length],
  ['all bytes', Buffer.concat([allBytes, Buffer.from('\n')]), 1],
  ['empty rows and NULL', Buffer.from('\n\\N\n\t\t\n'), 3],
  ['open quotes', Buffer.from('1\tit\'s\n2\t"\n3\t$$\n4\t/*\n'), 4],
  ['a long row', Buffer.from(`${'x'.repeat(300_000)}\n`), 1],
  ['no rows', Buffer.alloc(0), 0],
]

const dump = dumpWith('CREATE TABLE public.a (id bigint);')
const upTo = (place: string): string => dump.slice(0, dump.indexOf(place))

const incomplete =
  'is not complete: its end is missing. Copy it again and compare the sizes, or make a new one.'
const wholeServer =
  'contains a whole server: dump only the one database, with pg_dump instead of pg_dumpall.'
const withoutRows = 'has no rows: dump the right database, without --schema-only.'
const withInserts = 'has INSERT statements, which cannot be counted: make it without --inserts.'

const refused: readonly (readonly [what: string, dump: string, sentence: string])[] = [
  ['without its end', upTo('-- PostgreSQL database dump complete'), incomplete],
  ['that ends in its rows', upTo('\\.'), incomplete],
  ['that ends in a row', upTo('\n\\.'), incomplete],
  ['with more rows after its end', `${dump}COPY public.a (id) FROM stdin;\n1\n`, incomplete],
  ['that ends in a statement', `${dump}CREATE TABLE public.a (\n`, incomplete],
  ['that ends in a text', `${dump}COMMENT ON TABLE a IS 'b;\n`, incomplete],
  ['of nothing', '', incomplete],
  ['without rows', `${upTo('COPY ')}\n-- PostgreSQL database dump complete\n`, withoutRows],
  ['made with --inserts', dumpWith('INSERT INTO public.a VALUES (1);'), withInserts],
  ['of a whole server', dumpWith('-- PostgreSQL database cluster dump'), wholeServer],
  ['with roles', dumpWith("ALTER ROLE postgres WITH PASSWORD 'x';"), wholeServer],
  ...['\\! id', '\\i /etc/passwd', '\\copy a from b', '\\set x 1'].map(
    (command) =>
      [
        `with ${command}`,
        dumpWith(command),
        `has a command for psql (${command}), which pg_dump does not write: make a new one with pg_dump.`,
      ] as const,
  ),
]

describe.each(awks)('with $name', (awk) => {
  test.each(rows)('%s are copied byte by byte and counted', (_, data, count) => {
    const copy = 'COPY public.statuses (id, text) FROM stdin;'
    const { sql, counts, trouble } = translate(awk, dumpOf(data, copy))
    expect(trouble).toBe('')
    expect(sql.equals(Buffer.concat([Buffer.from(`${copy}\n`), data, Buffer.from('\\.\n')]))).toBe(
      true,
    )
    expect(counts).toEqual([`('public.statuses', ${count})`])
  })

  test('each table has its count, also one that appears twice', () => {
    const tables = ['public.a (id)', 'public."it\'s" (id, "from")', 'public.a (id)']
    const copies = tables.map((table) => `COPY ${table} FROM stdin;\n7\n8\n\\.\n`)
    const { counts } = translate(awk, dumpWith(...copies))
    expect(counts).toEqual(["('public.\"it''s\"', 2)", "('public.a', 4)", "('public.accounts', 1)"])
  })

  test('the log says how many rows a table has, and shows none of them', () => {
    const { log } = translate(awk, dumpOf(Buffer.from('1\thello\n2\tworld\n')))
    expect(log).toBe('public.statuses: 2 rows\n')
  })

  test.each(refused)('a dump %s is refused, and leaves no counts', (_, text, sentence) => {
    const { code, trouble, counts } = translate(awk, text)
    expect(trouble).toBe(`The dump 'old.sql' ${sentence}\n`)
    expect([code, counts]).toEqual([1, []])
  })
})
