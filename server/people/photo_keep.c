/* Pictures that come another way than by UploadPhoto. */
#include "log.h"
#include "people_calls.h"
#include "people_parts.h"
#include "photo_store.h"
#include "server_people_sql.h"

enum { KEEP_ARENA_BYTES = 8 * 1024 * 1024 };

bool people_post_check(server_people *people, void (*job)(void *arg), void *arg)
{
    static atomic_int turn;

    return lanes_post(people->checks, atomic_fetch_add(&turn, 1), job, arg);
}

static sp_status store(const server_people *people, arena *a, const new_photo *photo, int64_t *ret_id)
{
    db_tx *tx;
    sp_status status = db_begin(people->options.app, photo->enterprise_id, a, &tx);

    return sp_failed(status) ? status : db_end(tx, photo_store_add(people->options.blobs, tx, photo, ret_id));
}

sp_status people_keep_photo(server_people *people, int64_t enterprise_id, int64_t user_id, const uint8_t *bytes,
                            size_t size, int64_t now_ms, photo_refusal *ret_refusal, int64_t *ret_id)
{
    const people_options *options = &people->options;
    photo_facts facts;
    const new_photo photo = {enterprise_id, user_id, &facts, now_ms};
    arena memory;
    sp_status status;

    *ret_refusal = (photo_refusal){NULL, NULL};
    arena_init(&memory, KEEP_ARENA_BYTES);
    status = options->check_photo(options->check_photo_arg, &memory, bytes, size, &facts, ret_refusal);
    if (!sp_failed(status) && !ret_refusal->reason)
        status = store(people, &memory, &photo, ret_id);
    arena_done(&memory);
    return status;
}

/* ---- Who shows the same face ------------------------------------------------------------------------------------- */

static sp_status template_read(const server_people *people, rpc_call *call, int64_t photo_id, photo_facts *ret_facts)
{
    const caller *who = call_caller(call);
    db_rows rows;
    db_tx *tx;
    sp_status status = call_tx(call, &tx);

    if (!sp_failed(status))
        status = db_query(tx, SQL_PHOTO_TEMPLATE,
                          DB_ARGS(db_int64(who->enterprise_id), db_int64(photo_id), db_int64(who->user_id)), &rows);
    if (!sp_failed(status) && rows.count == 0)
        status = PHOTO_NOT_FOUND;
    if (sp_failed(status))
        return status;
    ret_facts->engine = db_row_text(&rows, 0, 1);
    return blob_get(people->options.blobs, tx, who->enterprise_id, db_row_int(&rows, 0, 0), &ret_facts->face_template,
                    &ret_facts->face_template_size);
}

void people_note_duplicates(server_people *people, rpc_call *call, Smartpass__V1__Photo *photo)
{
    const caller *who = call_caller(call);
    int64_t kinds[PERSON_KINDS];
    const duplicate_viewer viewer = {who->enterprise_id, who->group_id, who->tree_version, kinds,
                                     people_viewed_kinds(call, kinds)};
    photo_facts facts = {0};
    sp_status status = template_read(people, call, photo->id, &facts);

    if (!sp_failed(status))
        status = call_commit(call); /* the search takes connections of its own */
    if (sp_failed(status))
        log_write(LOG_WARNING, "the same face is not looked for", "reason", status.reason, NULL);
    else
        duplicates_find(people->duplicates, rpc_call_arena(call), &viewer, &facts, photo);
}
