import type { Migration } from './migrate.ts'

/** The people of the Leads Database are the same for everyone: the one table that belongs to no workspace, and is only read after it was made. */
export const directory: Migration = {
  id: '0007-directory',
  statements: [
    `alter table ken.uploads
       add column source text not null default 'csv' constraint uploads_source check (source in ('csv', 'directory')),
       add column criteria jsonb`,
    `create table ken.directory (
       only_row  boolean primary key default true constraint directory_only_row check (only_row),
       people    integer not null constraint directory_people_count check (people > 0),
       prepared  integer not null default 0,
       ready_at  timestamptz
     )`,
    `create table ken.directory_people (
       id            integer primary key,
       first_name    text not null,
       last_name     text not null,
       company       text not null,
       email         text,
       email_hash    text collate "C",
       title         smallint not null,
       country       smallint not null,
       industry      smallint not null,
       company_size  smallint not null,
       has_address   boolean not null
     )`,
    // Each holds all that a search asks of a person, so that counting reads an index and never the people.
    `create index directory_people_by_title on ken.directory_people (title, country, industry, company_size, has_address, id)`,
    `create index directory_people_by_country on ken.directory_people (country, industry, company_size, title, has_address, id)`,
    `create unique index directory_people_by_email on ken.directory_people (email_hash)
       include (title, country, industry, company_size) where email_hash is not null`,
    `create table ken.directory_values (
       criterion  text not null,
       id         smallint not null,
       value      text not null,
       people     integer not null,
       primary key (criterion, id)
     )`,
  ],
}
