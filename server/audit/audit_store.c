/* Adding rows, and erasing what they say of a person. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "audit.h"
#include "audit_chain.h"
#include "id.h"
#include "random.h"
#include "server_audit_sql.h"

static const char *text(const char *value)
{
    return value ? value : "";
}

static sp_status add_plain(db_tx *tx, const audit_entry *e)
{
    return db_query(tx, SQL_AUDIT_ADD,
                    DB_ARGS(db_int64(e->enterprise_id), db_int64(id_next()), db_time(e->now_ms),
                            db_text(text(e->operator_name)), db_int64_or_null(e->operator_id),
                            db_text(text(e->address)), db_text(text(e->module)), db_text(text(e->action)),
                            db_text(text(e->object)), db_int16((int16_t)e->outcome.code), db_text(e->outcome.reason),
                            db_null()),
                    NULL);
}

/* What names a person moves into the payload; the row keeps his number. */
static sp_status add_with_payload(db_tx *tx, const audit_entry *e)
{
    uint8_t salt[AUDIT_SALT_SIZE], hash[SHA256_SIZE];
    audit_payload payload = {salt, e->person_id, "", text(e->before), text(e->after)};
    const char *object = text(e->object);
    char number[40];
    sp_status status = crypto_random(salt, sizeof salt);

    if (e->person_id != 0) {
        snprintf(number, sizeof number, "person %lld", (long long)e->person_id);
        payload.object = object;
        object = number;
    }
    if (!sp_failed(status))
        status = audit_payload_hash(&payload, hash);
    if (sp_failed(status))
        return status;
    return db_query(tx, SQL_AUDIT_ADD_WITH_PAYLOAD,
                    DB_ARGS(db_int64(e->enterprise_id), db_int64(id_next()), db_time(e->now_ms),
                            db_text(text(e->operator_name)), db_int64_or_null(e->operator_id),
                            db_text(text(e->address)), db_text(text(e->module)), db_text(text(e->action)),
                            db_text(object), db_int16((int16_t)e->outcome.code), db_text(e->outcome.reason),
                            db_int64_or_null(e->person_id), db_bytes(hash, sizeof hash), db_bytes(salt, sizeof salt),
                            db_text(payload.object), db_text(payload.before), db_text(payload.after)),
                    NULL);
}

sp_status audit_add(db_tx *tx, const audit_entry *entry)
{
    if (entry->person_id == 0 && !*text(entry->before) && !*text(entry->after))
        return add_plain(tx, entry);
    return add_with_payload(tx, entry);
}

sp_status audit_erase_person(db_tx *tx, int64_t enterprise_id, int64_t person_id)
{
    return db_query(tx, SQL_AUDIT_ERASE, DB_ARGS(db_int64(enterprise_id), db_int64(person_id)), NULL);
}

const char *audit_module(arena *a, const char *path)
{
    const char *slash = strrchr(path, '/'), *start = slash, *end;
    char *module;

    while (start && start > path && start[-1] != '.' && start[-1] != '/')
        start--;
    end = start ? strstr(start, "Service/") : NULL;
    module = end && end < slash ? arena_copy(a, start, (size_t)(end - start)) : NULL;
    if (!module)
        return "";
    for (char *c = module; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return module;
}
