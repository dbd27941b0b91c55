#include "audit_rows.h"

static const uint8_t NO_HASH[SHA256_SIZE]; /* no payload hashes to this */

audit_sealed_row audit_row_read(const db_rows *rows, int row, int64_t enterprise_id)
{
    audit_sealed_row r = {
        .enterprise_id = enterprise_id,
        .id = db_row_int(rows, row, 0),
        .happened_us = db_row_int(rows, row, 1),
        .operator_name = db_row_text(rows, row, 2),
        .operator_id = db_row_int(rows, row, 3),
        .address = db_row_text(rows, row, 4),
        .module = db_row_text(rows, row, 5),
        .action = db_row_text(rows, row, 6),
        .object = db_row_text(rows, row, 7),
        .code = (int32_t)db_row_int(rows, row, 8),
        .reason = db_row_text(rows, row, 9),
        .person_id = db_row_int(rows, row, 10),
    };
    size_t size;

    if (!db_row_is_null(rows, row, 11)) {
        r.payload_hash = db_row_bytes(rows, row, 11, &size);
        if (size != SHA256_SIZE)
            r.payload_hash = NO_HASH;
    }
    return r;
}

bool audit_payload_read(const db_rows *rows, int row, audit_payload *ret_payload)
{
    static const uint8_t no_salt[AUDIT_SALT_SIZE];
    size_t size;

    if (db_row_is_null(rows, row, 14))
        return false;
    *ret_payload = (audit_payload){
        .salt = db_row_bytes(rows, row, 14, &size),
        .person_id = db_row_int(rows, row, 15),
        .object = db_row_text(rows, row, 16),
        .before = db_row_text(rows, row, 17),
        .after = db_row_text(rows, row, 18),
    };
    if (size != AUDIT_SALT_SIZE)
        ret_payload->salt = no_salt;
    return true;
}
