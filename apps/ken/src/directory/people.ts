/**
 * Makes the people of the Leads Database, a range at a time and always the same ones: who stands at a place is worked out from its
 * number alone. Nobody in it exists, and no address is under a domain that anybody can own.
 *
 * A place is a step through all positions in golden section, so that any first thousand is like the whole. Positions belong to companies:
 * the larger the company, the more of them in a row. The place within a company gives the rung, and a name nobody else there has.
 */
import type { Queryable } from '../database.ts'
import { companyParts, languages, plain } from './names.ts'
import { foundersFrom, rungs, sizes, spread, spreadCountries, spreadIndustries, values } from './values.ts'

/** About 45 % of the people have no known address. */
const withAddressPercent = 55

const peoplePerCompany = 6
const namesPerLanguage = { first: languages[0]!.first.length, last: languages[0]!.last.length }
const companyNames = companyParts.start.length * companyParts.middle.length * companyParts.end.length

/** Adds the people numbered `from` to `to`, of a directory of `all`; those of other ranges are not looked at. */
export async function insertPeople(
  connection: Queryable,
  { from, to, all }: { from: number; to: number; all: number },
): Promise<void> {
  const companies = Math.max(1, Math.min(companyNames, Math.floor(all / peoplePerCompany)))
  await connection.query(insert, [
    from,
    to,
    all,
    companies,
    coprime(all, Math.floor(all * 0.618_033_988_75)),
    coprime(companyNames, 16_127),
    ...[rungs.founders, rungs.chiefs, rungs.seconds, rungs.staff].map((rung) => spread(rung, values.titles)),
    spreadCountries,
    spreadIndustries,
    sizes.slice(0, -1).map(({ upTo }) => upTo),
    values.countries.map((country) => languages.findIndex(({ countries }) => countries.includes(country))),
    ...named(languages.flatMap(({ first }) => first)),
    ...named(languages.flatMap(({ last }) => last)),
    ...named(companyParts.start.flatMap((start) => companyParts.middle.map((middle) => start + middle))),
    ...named(companyParts.end),
  ])
}

/** Each name, and how it stands in an address. */
const named = (names: readonly string[]): [readonly string[], string[]] => [names, names.map(plain)]

/** The first number from `least` on that shares no factor with `all`: its multiples meet every remainder once. */
function coprime(all: number, least: number): number {
  const common = (a: number, b: number): number => (b === 0 ? a : common(b, a % b))
  for (let step = Math.max(1, least); ; step += 1) if (common(all, step) === 1) return step
}

/** A number from 0 to 65,535, different for each `at`, out of a hash. */
const draw = (hash: string, at: number) => `(get_byte(${hash}, ${2 * at}) * 256 + get_byte(${hash}, ${2 * at + 1}))`
/** One of the values of a list that holds each as often as it is to come. */
const pick = (list: string, drawn: string) => `(${list})[1 + ${drawn} % cardinality(${list})]`

const insert = `
  insert into ken.directory_people
    (id, first_name, last_name, company, email, email_hash, title, country, industry, company_size)
  with placed as (
    select n, (n::bigint * $5::bigint) % $3::bigint as position from generate_series($1::integer, $2::integer) as n
  ), employed as (
    select n, position, ($4::bigint * position * position) / ($3::bigint * $3::bigint) as company from placed
  ), drawn as materialized (
    select n, company, sha256(('person ' || n)::bytea) as mine, sha256(('company ' || company)::bytea) as theirs,
           greatest(0, position - ceil($3 * sqrt(company::float8 / $4))::bigint + 1) as place,
           (company * $6::bigint) % ${companyNames} as called,
           width_bucket(company::float8 / $4, $13::float8[]) as company_size
      from employed
  ), told as materialized (
    select n, company_size, called,
           ${draw('mine', 1)} % 100 < ${withAddressPercent} as has_address,
           case when place <= 1 and company_size >= ${foundersFrom} then ${pick('$7::smallint[]', draw('mine', 2))}
                when place <= 1 then ${pick('$8::smallint[]', draw('mine', 2))}
                when place = 2 then ${pick('$9::smallint[]', draw('mine', 2))}
                else ${pick('$10::smallint[]', draw('mine', 2))} end as title,
           ${pick('$11::smallint[]', draw('theirs', 1))} as country,
           ${pick('$12::smallint[]', draw('theirs', 2))} as industry,
           ${draw('theirs', 4)} % 10 as address_form,
           (${draw('theirs', 3)} + place * 511) % ${namesPerLanguage.first * namesPerLanguage.last} as name
      from drawn
  ), written as (
    select t.*, f.name as first_name, l.name as last_name, f.plain as first, l.plain as last,
           c.name || case when e.name = '' then '' else ' ' || e.name end as company,
           c.plain || case when e.plain = '' then '' else '-' || e.plain end || '.example' as domain
      from told t
      join unnest($15::text[], $16::text[]) with ordinality as f (name, plain, at)
        on f.at = 1 + ($14::smallint[])[1 + t.country] * ${namesPerLanguage.first} + t.name % ${namesPerLanguage.first}
      join unnest($17::text[], $18::text[]) with ordinality as l (name, plain, at)
        on l.at = 1 + ($14::smallint[])[1 + t.country] * ${namesPerLanguage.last} + t.name / ${namesPerLanguage.first}
      join unnest($19::text[], $20::text[]) with ordinality as c (name, plain, at)
        on c.at = 1 + t.called % cardinality($19::text[])
      join unnest($21::text[], $22::text[]) with ordinality as e (name, plain, at)
        on e.at = 1 + t.called / cardinality($19::text[])
  ), addressed as (
    select *, case when not has_address then null
                   when address_form < 7 then first || '.' || last
                   when address_form < 9 then last || '.' || first
                   else first || '_' || last end || '@' || domain as email
      from written
  )
  select n, first_name, last_name, company, email, ${hashOf('email')}, title, country, industry, company_size
    from addressed`

/** As contact.ts hashes an address: SHA-256 in base64url without padding. */
function hashOf(email: string): string {
  return `translate(encode(sha256(convert_to(${email}, 'UTF8')), 'base64'), '+/=', '-_')`
}
