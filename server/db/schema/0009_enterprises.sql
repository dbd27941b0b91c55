-- Enterprises can be deleted.

ALTER TABLE enterprise ADD COLUMN deletion bigint;  -- the operation that does it, in the super administrator's enterprise

-- Nobody can store a picture for an enterprise that is gone. Keys are made once for each owner, so the lock on the
-- enterprise's row that this costs is rare.
ALTER TABLE blob_key ADD FOREIGN KEY (enterprise_id) REFERENCES enterprise;

-- A terminal that was taken over from a deleted enterprise still holds its people: it is told to clear itself before
-- anything else, until it says that it has. The number is the order's.
ALTER TABLE device ADD COLUMN wipe_order bigint;
CREATE INDEX device_wipe_order ON device (wipe_order) WHERE wipe_order IS NOT NULL;

-- Erasing looks for whatever still refers to a picture or a key.
CREATE INDEX blob_of_key ON blob (enterprise_id, key_id);
CREATE INDEX photo_of_blob ON photo (enterprise_id, blob_id);
CREATE INDEX pass_snapshot_of_blob ON pass_snapshot (enterprise_id, blob_id);
