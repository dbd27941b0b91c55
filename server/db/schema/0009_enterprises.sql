-- Enterprises can be deleted.

ALTER TABLE enterprise ADD COLUMN deletion bigint;  -- the operation that does it, in the super administrator's enterprise

-- Nobody can store a picture for an enterprise that is gone. Keys are made once for each owner, so the lock on the
-- enterprise's row that this costs is rare.
ALTER TABLE blob_key ADD FOREIGN KEY (enterprise_id) REFERENCES enterprise;
