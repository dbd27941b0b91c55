-- People. Kinds are the numbers of smartpass.v1.PersonKind; $2 is always org_scope's: the groups that the caller sees, NULL
-- for all.

-- ---- Reading -------------------------------------------------------------------------------------------------------

-- part: person_columns
SELECT p.id, p.kind, p.group_id, p.section_id, p.photo_id, p.host_id, p.gender, p.created_at, p.updated_at,
    (SELECT count(*) FROM device_person d
     WHERE d.enterprise_id = p.enterprise_id AND d.person_id = p.id AND d.present),
    p.kind <> 3 AND (EXISTS (SELECT FROM person b
                             WHERE b.enterprise_id = p.enterprise_id AND b.kind = 3 AND b.identity_number <> ''
                               AND b.identity_number = p.identity_number)
                     OR EXISTS (SELECT FROM person b
                                WHERE b.enterprise_id = p.enterprise_id AND b.kind = 3 AND b.card_number <> ''
                                  AND b.card_number = p.card_number)),
    (SELECT h.name FROM person h
     WHERE h.enterprise_id = p.enterprise_id AND h.id = p.host_id
         AND ($2::bigint[] IS NULL OR h.group_id = ANY ((SELECT $2::bigint[])::bigint[]))),

-- In the order of person_text.
-- part: person_texts
    p.number, p.name, p.phone, p.card_number, p.identity_number, p.nationality, p.ethnicity, p.birthplace,
    to_char(p.birth_date, 'YYYY-MM-DD'), p.address, p.company, p.purpose, to_char(p.employed_from, 'YYYY-MM-DD'),
    to_char(p.employed_until, 'YYYY-MM-DD'), to_char(p.consent_date, 'YYYY-MM-DD'), p.consent_note, p.notes

-- Of many groups the index is no help and the planner's look at each a burden: "+ 0" keeps both away (see pass_wanted).
-- The states of $7 are those of smartpass.v1.GrantFilter.
-- part: person_wanted
FROM person p
WHERE p.enterprise_id = $1::bigint AND p.kind = $3::smallint
    AND ($2::bigint[] IS NULL OR cardinality($2) <= 32 AND p.group_id = ANY ($2)
        OR cardinality($2) > 32 AND p.group_id + 0 = ANY ($2))
    AND ($4::text = '' OR strpos(lower(p.name), lower($4)) > 0 OR strpos(lower(p.number), lower($4)) > 0
        OR $4 IN (p.card_number, p.identity_number, p.phone))
    AND ($5::bigint = 0 OR $5 > 0 AND p.section_id = $5 OR $5 = -1 AND p.section_id IS NULL)
    AND ($6::bigint = 0 OR (p.photo_id IS NOT NULL) = ($6 = 1))
    AND ($7::bigint = 0
        OR $7 = 1 AND NOT EXISTS (
            SELECT FROM device_person d
            WHERE d.enterprise_id = $1 AND d.person_id = p.id AND (d.present OR d.confirmed_revision < d.revision))
        OR $7 = 2 AND EXISTS (
            SELECT FROM device_person d
            WHERE d.enterprise_id = $1 AND d.person_id = p.id AND d.confirmed_revision < d.revision)
        OR $7 IN (3, 4) AND EXISTS (
            SELECT FROM device_person d
            WHERE d.enterprise_id = $1 AND d.person_id = p.id AND d.present AND d.confirmed_revision >= d.revision
                AND (d.failure = 0) = ($7 = 3)))

-- The page is found first: what is told of a person is not looked up for those who are skipped.
-- name: person_list
-- use: person_columns
-- use: person_texts
FROM (
    SELECT p.*
    -- use: person_wanted
        AND ($8::boolean OR (p.number, p.id) > ($9::text, $10::bigint))
    ORDER BY p.number, p.id
    LIMIT $11::integer OFFSET $12::integer
) p
ORDER BY p.number, p.id

-- name: person_count
SELECT count(*)
FROM (
    SELECT
    -- use: person_wanted
    LIMIT 10001
) AS capped

-- The same when nothing is asked for, of the whole enterprise and of groups: planned once and for all (see pass_count_all).
-- name: person_count_all
SELECT count(*)
FROM (SELECT FROM person WHERE enterprise_id = $1::bigint AND kind = $2::smallint LIMIT 10001) AS capped

-- name: person_count_groups
SELECT count(*)
FROM (
    SELECT
    FROM person
    WHERE enterprise_id = $1::bigint AND kind = $2::smallint AND group_id = ANY ((SELECT $3::bigint[])::bigint[])
    LIMIT 10001
) AS capped

-- name: person_find
-- use: person_columns
-- use: person_texts
FROM person p
WHERE p.enterprise_id = $1::bigint AND p.kind = $3::smallint AND ($2::bigint[] IS NULL OR p.group_id = ANY ($2))
    AND p.id = $4::bigint

-- A whole list, batch by batch, without what only pages show. The host is told by number.
-- name: person_export
SELECT p.id, p.group_id, p.gender,
    (SELECT h.number FROM person h
     WHERE h.enterprise_id = p.enterprise_id AND h.id = p.host_id
         AND ($2::bigint[] IS NULL OR h.group_id = ANY ((SELECT $2::bigint[])::bigint[]))),
-- use: person_texts
-- use: person_wanted
    AND ($8::boolean OR (p.number, p.id) > ($9::text, $10::bigint))
ORDER BY p.number, p.id
LIMIT $11::integer

-- name: person_export_count
SELECT count(*)
-- use: person_wanted

-- ---- Before writing ------------------------------------------------------------------------------------------------

-- Whoever changes the blacklist stands alone ($2), whoever changes what it may name does not: else each could miss what the
-- other has not committed yet, and a terminal would be told nothing.
-- name: person_deny_lock
SELECT CASE WHEN $2::boolean THEN pg_advisory_xact_lock(hashtextextended('blacklist', $1::bigint))
            ELSE pg_advisory_xact_lock_shared(hashtextextended('blacklist', $1)) END

-- In an order that everybody keeps. Nobody's key changes, so that who is a host can be locked all the same.
-- name: person_lock
SELECT id FROM person WHERE enterprise_id = $1::bigint AND id = ANY ($2::bigint[]) ORDER BY id FOR NO KEY UPDATE

-- name: person_hold_host
SELECT FROM person
WHERE enterprise_id = $1::bigint AND kind = 1 AND ($2::bigint[] IS NULL OR group_id = ANY ($2)) AND id = $3::bigint
FOR KEY SHARE

-- Whether another of the kind has the number or the identity.
-- name: person_taken
SELECT EXISTS (SELECT FROM person WHERE enterprise_id = $1::bigint AND kind = $2::smallint AND number = $3::text
                   AND id <> $5::bigint),
    EXISTS (SELECT FROM person WHERE enterprise_id = $1 AND kind = $2 AND identity_number = $4::text
                AND identity_number <> '' AND id <> $5)

-- name: person_card_holder
SELECT id, kind, $2::bigint[] IS NULL OR group_id = ANY ($2)
FROM person
WHERE enterprise_id = $1::bigint AND card_number = $3::text AND card_number <> '' AND kind IN (1, 2) AND id <> $4::bigint

-- Employees and visitors who have one of these identities or cards.
-- name: person_named
SELECT id
FROM person
WHERE enterprise_id = $1::bigint AND kind IN (1, 2)
    AND (identity_number <> '' AND identity_number IN ($2::text, $3::text)
        OR card_number <> '' AND card_number IN ($4::text, $5::text))

-- ---- Writing -------------------------------------------------------------------------------------------------------

-- name: person_add
INSERT INTO person (enterprise_id, id, kind, group_id, section_id, host_id, gender, created_at, updated_at, number, name,
    phone, card_number, identity_number, nationality, ethnicity, birthplace, birth_date, address, company, purpose,
    employed_from, employed_until, consent_date, consent_note, notes)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, $12, $13, $14, $15, $16, nullif($17::text, '')::date, $18, $19,
    $20, nullif($21::text, '')::date, nullif($22::text, '')::date, nullif($23::text, '')::date, $24, $25)

-- name: person_set
UPDATE person
SET group_id = $4, section_id = $5, host_id = $6, gender = $7, updated_at = $8, number = $9, name = $10, phone = $11,
    card_number = $12, identity_number = $13, nationality = $14, ethnicity = $15, birthplace = $16,
    birth_date = nullif($17::text, '')::date, address = $18, company = $19, purpose = $20,
    employed_from = nullif($21::text, '')::date, employed_until = nullif($22::text, '')::date,
    consent_date = nullif($23::text, '')::date, consent_note = $24, notes = $25
WHERE enterprise_id = $1 AND id = $2 AND kind = $3

-- name: person_lose_card
UPDATE person SET card_number = '', updated_at = $3 WHERE enterprise_id = $1 AND id = $2

-- ---- The end of an employment --------------------------------------------------------------------------------------

-- Still over, and nobody is changing the employee at the moment.
-- name: employment_lock
SELECT p.id
FROM person p JOIN enterprise e ON e.id = p.enterprise_id
WHERE p.enterprise_id = $1::bigint AND p.id = $2::bigint
    AND p.employed_until < ($3::timestamptz AT TIME ZONE e.time_zone)::date
FOR NO KEY UPDATE OF p SKIP LOCKED
