-- Deleting an enterprise, step by step. Each step can be done twice: what is left in the tables says where to go on.

-- From here on nobody of it signs in or is signed in. $3 is the operation.
-- name: deletion_begin
WITH signed_out AS (
    DELETE FROM session WHERE enterprise_id = $1::bigint
), silenced AS (
    DELETE FROM api_token WHERE enterprise_id = $1::bigint
)
UPDATE enterprise SET deleting_at = coalesce(deleting_at, $2::timestamptz), deletion = $3::bigint WHERE id = $1::bigint;

-- Whether it is there, and still to be deleted.
-- name: deletion_find
SELECT name FROM enterprise WHERE id = $1::bigint AND deleting_at IS NOT NULL;

-- ---- Terminals -------------------------------------------------------------------------------------------------------
-- Each in a transaction of its own. The feed goes first: whoever grants somebody to the terminal waits for that row, and
-- then misses it. $1 is the enterprise, $2 the terminal.

-- name: deletion_next_device
SELECT id FROM device WHERE enterprise_id = $1::bigint ORDER BY id LIMIT 1;

-- name: deletion_device_feed
DELETE FROM device_feed WHERE enterprise_id = $1::bigint AND device_id = $2::bigint;

-- name: deletion_device_captures
DELETE FROM capture WHERE enterprise_id = $1::bigint AND device_id = $2::bigint;

-- name: deletion_device_settings
DELETE FROM device_setting WHERE enterprise_id = $1::bigint AND device_id = $2::bigint;

-- name: deletion_device_people
DELETE FROM device_person WHERE enterprise_id = $1::bigint AND device_id = $2::bigint;

-- Into enterprise $3, group $4, at $5, with the order $6 to clear itself. A terminal that was deleted before stays so:
-- it is wiped when it returns. So does one whose serial number the new enterprise has already, because it was enrolled
-- there since.
-- name: deletion_device_move
INSERT INTO device (enterprise_id, id, group_id, serial_number, name, mac, model, created_at, deleted_at, settings_version,
                    wipe_order, place, approved_at)
SELECT $3::bigint, d.id, $4::bigint, d.serial_number, d.name, d.mac, d.model, d.created_at,
       CASE WHEN h.id IS NOT NULL THEN coalesce(d.deleted_at, $5::timestamptz) ELSE d.deleted_at END, d.settings_version,
       $6::bigint, d.place, d.approved_at
FROM device d
     LEFT JOIN device h ON h.enterprise_id = $3 AND h.serial_number = d.serial_number AND h.deleted_at IS NULL
WHERE d.enterprise_id = $1::bigint AND d.id = $2::bigint
RETURNING deleted_at IS NULL;

-- That it is connected stays true for as long as its last sign of life counts.
-- name: deletion_device_status
WITH former AS (
    DELETE FROM device_status WHERE enterprise_id = $1::bigint AND device_id = $2::bigint
    RETURNING *
)
INSERT INTO device_status (enterprise_id, device_id, connected, last_seen_at, store_epoch, address, software_version, engine,
                           people_count, photo_count, unsent_records)
SELECT $3::bigint, device_id, connected, last_seen_at, store_epoch, address, software_version, engine, people_count,
       photo_count, 0
FROM former;

-- One that stays deleted is given nobody any more: it gets no feed.
-- name: deletion_device_new_feed
INSERT INTO device_feed (enterprise_id, device_id, revision)
SELECT enterprise_id, id, 0 FROM device WHERE enterprise_id = $1::bigint AND id = $2::bigint AND deleted_at IS NULL;

-- name: deletion_device_certificates
UPDATE device_certificate SET enterprise_id = $3::bigint WHERE enterprise_id = $1::bigint AND device_id = $2::bigint;

-- name: deletion_device_gone
DELETE FROM device WHERE enterprise_id = $1::bigint AND id = $2::bigint;

-- Told to whoever holds the terminal's stream, when this transaction commits.
-- name: deletion_device_notify
SELECT pg_notify('smartpass_device', $1::bigint::text);

-- Terminals that are connected ($2: a sign of life since) and have not cleared themselves yet, and all that have not.
-- name: deletion_terminals_waiting
SELECT count(*) FILTER (WHERE s.connected AND s.last_seen_at > $2::timestamptz), count(*)
FROM device d JOIN device_status s ON s.enterprise_id = d.enterprise_id AND s.device_id = d.id
WHERE d.wipe_order = $1::bigint AND d.deleted_at IS NULL;

-- ---- Everything else -------------------------------------------------------------------------------------------------
-- At most $2 rows at once, in this order: what refers to another goes before it. The keys of pictures go early: without
-- them the pictures are noise.

-- name: deletion_erase_operation
DELETE FROM operation WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM operation WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- name: deletion_erase_import_problem
DELETE FROM import_problem WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM import_problem WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- Files without a row are swept from their folder.
-- name: deletion_erase_transfer_file
DELETE FROM transfer_file WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM transfer_file WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- name: deletion_erase_capture
DELETE FROM capture WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM capture WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- name: deletion_erase_screen_watch
DELETE FROM screen_watch WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM screen_watch WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- name: deletion_erase_screen_frame
DELETE FROM screen_frame WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM screen_frame WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- name: deletion_erase_device_command
DELETE FROM device_command WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM device_command WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- name: deletion_erase_pass_snapshot
DELETE FROM pass_snapshot WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM pass_snapshot WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- name: deletion_erase_photo
DELETE FROM photo WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM photo WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- Those of its terminals went with them.
-- name: deletion_erase_display_person
DELETE FROM display_person WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM display_person WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- name: deletion_erase_display
DELETE FROM display WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM display WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- name: deletion_erase_display_plan
DELETE FROM display_plan WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM display_plan WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- name: deletion_erase_blob
DELETE FROM blob WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM blob WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- name: deletion_erase_blob_key
DELETE FROM blob_key WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM blob_key WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- name: deletion_erase_person
DELETE FROM person WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM person WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- name: deletion_erase_erasure
DELETE FROM erasure WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM erasure WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- name: deletion_erase_pass_record
DELETE FROM pass_record WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM pass_record WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- name: deletion_erase_pass_rejected
DELETE FROM pass_rejected WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM pass_rejected WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- name: deletion_erase_pass_tally
DELETE FROM pass_tally WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM pass_tally WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- name: deletion_erase_pass_tally_group
DELETE FROM pass_tally_group WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM pass_tally_group WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- Its terminals' shares in it go with it.
-- name: deletion_erase_rollout
DELETE FROM rollout WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM rollout WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- The files are swept.
-- name: deletion_erase_package
DELETE FROM package WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM package WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- name: deletion_erase_alarm
DELETE FROM alarm WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM alarm WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- name: deletion_erase_device_log
DELETE FROM device_log WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM device_log WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- name: deletion_erase_audit_payload
DELETE FROM audit_payload WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM audit_payload WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- Sessions, tokens and recovery codes go with their user.
-- name: deletion_erase_app_user
DELETE FROM app_user WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM app_user WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- name: deletion_erase_role
DELETE FROM role WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM role WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- name: deletion_erase_section
DELETE FROM section WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM section WHERE enterprise_id = $1::bigint LIMIT $2::integer));

-- Leaves first.
-- name: deletion_erase_org_group
DELETE FROM org_group WHERE ctid = ANY (ARRAY(
    SELECT g.ctid FROM org_group g
    WHERE g.enterprise_id = $1::bigint
      AND NOT EXISTS (SELECT FROM org_group c WHERE c.enterprise_id = g.enterprise_id AND c.parent_id = g.id)
    LIMIT $2::integer));

-- How much there is to erase, each table counted no further than $2: for the progress alone.
-- name: deletion_size
SELECT (SELECT count(*) FROM (SELECT 1 FROM device WHERE enterprise_id = $1::bigint LIMIT $2::integer) t)
     + (SELECT count(*) FROM (SELECT 1 FROM person WHERE enterprise_id = $1 LIMIT $2) t)
     + (SELECT count(*) FROM (SELECT 1 FROM photo WHERE enterprise_id = $1 LIMIT $2) t)
     + (SELECT count(*) FROM (SELECT 1 FROM blob WHERE enterprise_id = $1 LIMIT $2) t)
     + (SELECT count(*) FROM (SELECT 1 FROM blob_key WHERE enterprise_id = $1 LIMIT $2) t)
     + (SELECT count(*) FROM (SELECT 1 FROM pass_record WHERE enterprise_id = $1 LIMIT $2) t)
     + (SELECT count(*) FROM (SELECT 1 FROM pass_snapshot WHERE enterprise_id = $1 LIMIT $2) t)
     + (SELECT count(*) FROM (SELECT 1 FROM audit_payload WHERE enterprise_id = $1 LIMIT $2) t)
     + (SELECT count(*) FROM (SELECT 1 FROM app_user WHERE enterprise_id = $1 LIMIT $2) t);

-- name: deletion_finish
DELETE FROM enterprise WHERE id = $1::bigint AND deleting_at IS NOT NULL;
