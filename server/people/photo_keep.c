/* Pictures that come another way than by UploadPhoto. */
#include "people_parts.h"
#include "photo_store.h"

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
