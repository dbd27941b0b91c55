/* The SQL of the link: hello, settings and the people feed. */
#include "link_store.h"

#include <string.h>

#include "call.h"
#include "clock.h"
#include "server_link_sql.h"

/* ---- Hello ------------------------------------------------------------------------------------------------------- */

/* Whether the terminal may be welcomed as it is, or must clear itself before. */
static sp_status judge_wipe(db_tx *tx, terminal *t, const Hello *hello, int64_t order)
{
    if (order == 0)
        return SP_DONE;
    if (hello->wiped_order != order) {
        t->wipe_order = order;
        return LINK_WIPE_ORDERED;
    }
    return db_query(tx, SQL_LINK_WIPED, DB_ARGS(db_int64(t->enterprise_id), db_int64(t->device_id), db_int64(order)),
                    NULL);
}

static sp_status read_welcome(db_tx *tx, terminal *t, const Hello *hello, link_welcome *ret)
{
    const ingest_source source = {t->enterprise_id, t->device_id, (int32_t)hello->store_epoch};
    int64_t acked_seq;
    db_rows rows;
    sp_status st =
        db_query(tx, SQL_LINK_WELCOME,
                 DB_ARGS(db_int64(t->enterprise_id), db_int64(t->device_id), db_text(t->certificate)), &rows);
    if (sp_failed(st))
        return st;
    if (rows.count == 0)
        return LINK_DEVICE_MOVED;
    if (db_row_bool(&rows, 0, 6))
        return LINK_DEVICE_DELETED;
    if (!db_row_bool(&rows, 0, 5))
        return CERTIFICATE_REVOKED;

    st = judge_wipe(tx, t, hello, db_row_int(&rows, 0, 7));
    if (!sp_failed(st))
        st = ingest_acked_seq(tx, &source, &acked_seq);
    if (sp_failed(st))
        return st;

    *ret = (link_welcome){
        .device_name = db_row_text(&rows, 0, 0),
        .company_name = db_row_text(&rows, 0, 1),
        .time_zone = db_row_text(&rows, 0, 2),
        .feed_revision = db_row_int(&rows, 0, 3),
        .lowest_unconfirmed = db_row_int(&rows, 0, 4),
        .acked_seq = acked_seq,
    };
    atomic_store(&t->waiting, db_row_bool(&rows, 0, 8));
    return settings_start(tx, t->enterprise_id, t->device_id, hello->settings_version, &ret->settings_above);
}

/* How far ahead of ours its clock stood; a terminal that does not say is right. */
static int64_t clock_skew_ms(const Hello *hello, int64_t now_ms)
{
    return hello->clock_ms > 0 ? hello->clock_ms - now_ms : 0;
}

static sp_status note_hello(db_tx *tx, terminal *t, const Hello *hello)
{
    const int64_t now_ms = clock_now_ms();

    return db_query(tx, SQL_LINK_HELLO,
                    DB_ARGS(db_int64(t->enterprise_id), db_int64(t->device_id), db_time(now_ms),
                            db_int32((int32_t)hello->store_epoch), db_text(hello->address),
                            db_text(hello->software_version), db_text(hello->engine),
                            db_int32(atomic_load(&t->people_count)), db_int32(atomic_load(&t->photo_count)),
                            db_int64(clock_skew_ms(hello, now_ms)), db_text(hello->model),
                            db_int32(hello->people_capacity < INT32_MAX ? (int32_t)hello->people_capacity : INT32_MAX)),
                    NULL);
}

sp_status link_store_hello(terminal *t, arena *a, const Hello *hello, link_welcome *ret_welcome)
{
    db_tx *tx;
    sp_status st = db_begin(t->link->options.system, 0, a, &tx);
    if (sp_failed(st))
        return st;

    st = note_hello(tx, t, hello);
    if (!sp_failed(st))
        st = read_welcome(tx, t, hello, ret_welcome);
    return db_end(tx, st);
}

/* ---- Settings ---------------------------------------------------------------------------------------------------- */

static sp_status read_settings(db_tx *tx, terminal *t, link_settings *ret)
{
    const int64_t again = t->setting_again, sent = t->setting_sent;
    db_rows rows;
    sp_status st =
        db_query(tx, SQL_LINK_SETTINGS,
                 DB_ARGS(db_int64(t->enterprise_id), db_int64(t->device_id), db_text(t->certificate)), &rows);

    if (sp_failed(st))
        return st;
    if (rows.count == 0)
        return LINK_DEVICE_MOVED;
    if (db_row_bool(&rows, 0, 2))
        return LINK_DEVICE_DELETED;
    if (!db_row_bool(&rows, 0, 1))
        return CERTIFICATE_REVOKED;
    t->capture_wanted = db_row_int(&rows, 0, 3);
    atomic_store(&t->waiting, db_row_bool(&rows, 0, 4));
    t->display_wanted = db_row_int(&rows, 0, 5);
    t->display_reported = db_row_bool(&rows, 0, 6);
    *ret = (link_settings){.version = db_row_int(&rows, 0, 0)};
    if (atomic_load(&t->waiting) || t->setting_under_way || (ret->version <= sent && again == 0))
        return SP_DONE;
    return settings_above(tx, t->enterprise_id, t->device_id, again > 0 && again <= sent ? again - 1 : sent,
                          SETTINGS_PER_MESSAGE, ret->told, &ret->count);
}

sp_status link_store_settings(terminal *t, arena *a, link_settings *ret_settings)
{
    db_tx *tx;
    sp_status st = db_begin(t->link->options.system, 0, a, &tx);

    return sp_failed(st) ? st : db_end(tx, read_settings(tx, t, ret_settings));
}

sp_status link_store_setting_outcomes(terminal *t, arena *a, const setting_outcome *outcomes, size_t count)
{
    int64_t again;
    db_tx *tx;
    sp_status st = db_begin(t->link->options.system, 0, a, &tx);

    if (sp_failed(st))
        return st;
    st = db_end(tx, settings_reported(tx, t->enterprise_id, t->device_id, outcomes, count, &again));
    if (!sp_failed(st) && again > 0 && (t->setting_again == 0 || again < t->setting_again))
        t->setting_again = again;
    return st;
}

/* ---- People ------------------------------------------------------------------------------------------------------ */

/* The template travels only to terminals whose engine made it; the others find the photo's hash and ask. */
static sp_status add_template(db_tx *tx, terminal *t, int64_t blob_id, PersonChange *change)
{
    const uint8_t *bytes;
    size_t size;

    if (blob_id == 0 || strcmp(change->engine, t->engine) != 0)
        return SP_DONE;
    sp_status st = blob_get(t->link->options.blobs, tx, t->enterprise_id, blob_id, &bytes, &size);
    if (sp_failed(st))
        return st;
    change->face_template = (ProtobufCBinaryData){size, (uint8_t *)bytes};
    return SP_DONE;
}

static sp_status read_change(db_tx *tx, terminal *t, const db_rows *rows, int row, PersonChange *ret)
{
    size_t sha_size;

    *ret = (PersonChange)PERSON_CHANGE_INIT;
    ret->revision = db_row_int(rows, row, 0);
    ret->person_id = db_row_int(rows, row, 1);
    ret->remove = !db_row_bool(rows, row, 2);
    if (ret->remove)
        return SP_DONE;

    ret->kind = (Smartpass__V1__PersonKind)db_row_int(rows, row, 3);
    ret->name = (char *)db_row_text(rows, row, 4);
    ret->number = (char *)db_row_text(rows, row, 5);
    ret->card_number = (char *)db_row_text(rows, row, 6);
    ret->valid_from_ms = db_row_time_ms(rows, row, 7);
    ret->valid_until_ms = db_row_time_ms(rows, row, 8);
    ret->engine = (char *)db_row_text(rows, row, 9);
    ret->photo_sha256.data = (uint8_t *)db_row_bytes(rows, row, 11, &sha_size);
    ret->photo_sha256.len = sha_size;
    ret->photo_size = (uint32_t)db_row_int(rows, row, 12);
    return add_template(tx, t, db_row_int(rows, row, 10), ret);
}

static sp_status read_feed(db_tx *tx, terminal *t, arena *a, int64_t above, int cap, link_changes *ret)
{
    db_rows rows;
    sp_status st =
        db_query(tx, SQL_LINK_FEED,
                 DB_ARGS(db_int64(t->enterprise_id), db_int64(t->device_id), db_int64(above), db_int32(cap)), &rows);
    if (sp_failed(st))
        return st;

    ret->count = (size_t)rows.count;
    ret->changes = arena_array(a, ret->count + 1, sizeof *ret->changes);
    if (!ret->changes)
        return LINK_NO_MEMORY;
    for (int i = 0; i < rows.count && !sp_failed(st); i++)
        st = read_change(tx, t, &rows, i, &ret->changes[i]);
    return st;
}

sp_status link_store_feed(terminal *t, arena *a, int64_t above, int cap, link_changes *ret_changes)
{
    db_tx *tx;
    sp_status st = db_begin(t->link->options.system, 0, a, &tx);
    if (sp_failed(st))
        return st;
    return db_end(tx, read_feed(tx, t, a, above, cap, ret_changes));
}

/* A terminal newer than we are may have reasons that we do not know. */
static int known_failure(Smartpass__V1__ApplyFailure failure)
{
    return failure >= 0 && protobuf_c_enum_descriptor_get_value(&smartpass__v1__apply_failure__descriptor, (int)failure)
               ? (int)failure
               : SMARTPASS__V1__APPLY_FAILURE__APPLY_FAILURE_REJECTED;
}

sp_status link_store_outcomes(terminal *t, arena *a, PersonOutcome *const *outcomes, size_t count)
{
    db_column revision, person, failure;
    db_tx *tx;
    sp_status st = db_begin(t->link->options.system, 0, a, &tx);
    if (sp_failed(st))
        return st;

    db_column_init(&revision, a, DB_COLUMN_INT64);
    db_column_init(&person, a, DB_COLUMN_INT64);
    db_column_init(&failure, a, DB_COLUMN_INT16);
    for (size_t i = 0; i < count; i++) {
        db_column_int(&revision, outcomes[i]->revision);
        db_column_int(&person, outcomes[i]->person_id);
        db_column_int(&failure, known_failure(outcomes[i]->failure));
    }
    return db_end(tx, db_query(tx, SQL_LINK_OUTCOMES,
                               DB_ARGS(db_int64(t->enterprise_id), db_int64(t->device_id), db_column_arg(&revision),
                                       db_column_arg(&person), db_column_arg(&failure), db_time(clock_now_ms())),
                               NULL));
}

static sp_status read_photo(db_tx *tx, terminal *t, const PhotoRequest *request, const uint8_t **ret, size_t *ret_size)
{
    db_rows rows;
    sp_status st = db_query(tx, SQL_LINK_PERSON_PHOTO,
                            DB_ARGS(db_int64(t->enterprise_id), db_int64(t->device_id), db_int64(request->person_id),
                                    db_bytes(request->sha256.data, request->sha256.len)),
                            &rows);
    if (sp_failed(st) || rows.count == 0)
        return st;
    return blob_get(t->link->options.blobs, tx, t->enterprise_id, db_row_int(&rows, 0, 0), ret, ret_size);
}

sp_status link_store_photo(terminal *t, arena *a, const PhotoRequest *request, const uint8_t **ret_photo,
                           size_t *ret_size)
{
    db_tx *tx;

    *ret_size = 0;
    sp_status st = db_begin(t->link->options.system, 0, a, &tx);
    if (sp_failed(st))
        return st;
    return db_end(tx, read_photo(tx, t, request, ret_photo, ret_size));
}
