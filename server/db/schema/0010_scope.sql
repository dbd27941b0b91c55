-- What the records of a group, or of a terminal in it, are counted by: the index alone, which is small, because many of its
-- rows are the same and kept as one.
CREATE INDEX pass_record_place ON pass_record (enterprise_id, group_id, device_id);

-- Few records have the same time, so their order within it needs no place in the index.
DROP INDEX pass_record_group;
CREATE INDEX pass_record_group ON pass_record (enterprise_id, group_id, occurred_at);
