import type { Migration } from './migrate.ts'

/** The Leads Database is the same for everyone: its four tables belong to no workspace, and are only read once they have been made. */
export const directory: Migration = {
  id: '0007-directory',
  statements: [
    `alter table ken.uploads
       add column source text not null default 'csv' constraint uploads_source check (source in ('csv', 'directory')),
       add column criteria jsonb`,
    // As a campaign's contacts are listed: the newest import first, each in the order of its file.
    `create index contacts_in_order on ken.contacts (workspace_id, campaign_id, import_id desc, row)`,
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
       company_size  smallint not null
     )`,
    `create index directory_people_by_criteria on ken.directory_people (country, industry, company_size, title, id)`,
    `create unique index directory_people_by_email on ken.directory_people (email_hash)
       include (title, country, industry, company_size) where email_hash is not null`,
    // A quarter as many rows as there are people: how many anybody finds is a sum over its key, without a look at the people.
    `create table ken.directory_counts (
       title         smallint not null,
       country       smallint not null,
       industry      smallint not null,
       company_size  smallint not null,
       people        integer not null,
       with_address  integer not null,
       primary key (title, country, industry, company_size) include (people, with_address)
     )`,
    `create table ken.directory_values (
       criterion  text not null,
       id         smallint not null,
       value      text not null,
       people     integer not null,
       primary key (criterion, id)
     )`,
  ],
}
