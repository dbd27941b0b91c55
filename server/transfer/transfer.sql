-- Imports. Kind 1 is smartpass.v1.PersonKind's employee; all write as the application, in the operation's enterprise.

-- As person_write does it: who writes identities and cards of employees lets the others in and keeps changes of the
-- blacklist out. What follows looks hundreds of values up in a table that may have been empty when its plan was made.
-- name: import_begin
SELECT pg_advisory_xact_lock_shared(hashtextextended('blacklist', $1::bigint)), set_config('enable_seqscan', 'off', true);

-- Keeps these groups from being deleted until the rows that name them are committed.
-- name: import_hold_groups
SELECT id FROM org_group
WHERE enterprise_id = $1::bigint AND id = ANY ($2::bigint[]) AND deleted_at IS NULL
ORDER BY id FOR SHARE;

-- Employees of these numbers, locked in the order of their ids as everybody does. Numbers, cards and identities are looked up
-- one by one: the planner would rather read all that an enterprise has, and compare. The texts stand in the order of
-- person_text.
-- name: import_existing
SELECT p.*
FROM (SELECT found.id
      FROM unnest($2::text[]) AS wanted (number)
           CROSS JOIN LATERAL (SELECT o.id FROM person o
                               WHERE o.enterprise_id = $1::bigint AND o.kind = 1 AND o.number = wanted.number
                               LIMIT 1) AS found
      ORDER BY found.id) AS known
     CROSS JOIN LATERAL (
         SELECT p.id, p.group_id, p.section_id, p.photo_id, p.gender,
             p.number, p.name, p.phone, p.card_number, p.identity_number, p.nationality, p.ethnicity, p.birthplace,
             to_char(p.birth_date, 'YYYY-MM-DD'), p.address, p.company, p.purpose,
             to_char(p.employed_from, 'YYYY-MM-DD'), to_char(p.employed_until, 'YYYY-MM-DD'),
             to_char(p.consent_date, 'YYYY-MM-DD'), p.consent_note, p.notes
         FROM person p
         WHERE p.enterprise_id = $1 AND p.id = known.id
         FOR NO KEY UPDATE) AS p;

-- Whose these cards are.
-- name: import_card_owners
SELECT owner.id, wanted.card_number
FROM unnest($2::text[]) AS wanted (card_number)
     CROSS JOIN LATERAL (SELECT p.id FROM person p
                         WHERE p.enterprise_id = $1::bigint AND p.card_number = wanted.card_number
                           AND p.card_number <> '' AND p.kind IN (1, 2)
                         LIMIT 1) AS owner;

-- name: import_identity_owners
SELECT owner.id, wanted.identity_number
FROM unnest($2::text[]) AS wanted (identity_number)
     CROSS JOIN LATERAL (SELECT p.id FROM person p
                         WHERE p.enterprise_id = $1::bigint AND p.kind = 1
                           AND p.identity_number = wanted.identity_number AND p.identity_number <> ''
                         LIMIT 1) AS owner;

-- name: import_add
INSERT INTO person (enterprise_id, id, kind, group_id, gender, number, name, phone, card_number, identity_number,
    nationality, birthplace, birth_date, address, employed_from, employed_until, consent_date, consent_note, notes,
    created_at, updated_at)
SELECT $1::bigint, t.id, 1, t.group_id, t.gender, t.number, t.name, t.phone, t.card_number, t.identity_number,
    t.nationality, t.birthplace, NULLIF(t.birth_date, '')::date, t.address, NULLIF(t.employed_from, '')::date,
    NULLIF(t.employed_until, '')::date, NULLIF(t.consent_date, '')::date, t.consent_note, t.notes,
    $3::timestamptz, $3
FROM unnest($2::imported_person[]) AS t;

-- A section that a group change leaves is none.
-- name: import_set
UPDATE person p
SET section_id = CASE WHEN p.group_id = t.group_id THEN p.section_id END, group_id = t.group_id, gender = t.gender,
    name = t.name, phone = t.phone, card_number = t.card_number, identity_number = t.identity_number,
    nationality = t.nationality, birthplace = t.birthplace, birth_date = NULLIF(t.birth_date, '')::date,
    address = t.address, employed_from = NULLIF(t.employed_from, '')::date,
    employed_until = NULLIF(t.employed_until, '')::date, consent_date = NULLIF(t.consent_date, '')::date,
    consent_note = t.consent_note, notes = t.notes, updated_at = $3::timestamptz
FROM unnest($2::imported_person[]) AS t
WHERE p.enterprise_id = $1::bigint AND p.id = t.id;

-- ---- Problems --------------------------------------------------------------------------------------------------------

-- name: import_problem_add
INSERT INTO import_problem (enterprise_id, operation_id, row, position, column_name, field, reason, message, value)
SELECT $1::bigint, $2::bigint, t.*
FROM unnest($3::integer[], $4::smallint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[]) AS t;

-- name: import_problem_list
SELECT row, position, column_name, field, reason, message, value
FROM import_problem
WHERE enterprise_id = $1::bigint AND operation_id = $2::bigint AND (row, position) > ($3::integer, $4::smallint)
ORDER BY row, position
LIMIT $5::integer OFFSET $6::integer;

-- name: import_problem_count
SELECT count(*)
FROM (SELECT FROM import_problem WHERE enterprise_id = $1::bigint AND operation_id = $2::bigint LIMIT 10001) AS capped;
