/* What terminals are told and say: the SQL. */
#include "settings_link.h"

#include <string.h>

#include "server_settings_sql.h"

/* No terminal comes near it in earnest; beyond, versions might run out. */
#define KNOWN_MAX (INT64_C(1) << 60)

/* ---- Down -------------------------------------------------------------------------------------------------------- */

static sp_status tell_anew(db_tx *tx, db_arg enterprise, db_arg device, int64_t known)
{
    sp_status st = db_query(tx, SQL_SETTINGS_LINK_RAISE_ABOVE,
                            DB_ARGS(enterprise, device, db_int64(known), db_int32(SETTING_COUNT)), NULL);

    return sp_failed(st)
               ? st
               : db_query(tx, SQL_SETTINGS_LINK_TELL_ANEW, DB_ARGS(enterprise, device, db_int64(known)), NULL);
}

sp_status settings_start(db_tx *tx, int64_t enterprise_id, int64_t device_id, int64_t known, int64_t *ret_above)
{
    const db_arg enterprise = db_int64(enterprise_id), device = db_int64(device_id);
    db_rows rows;
    sp_status st = db_query(tx, SQL_SETTINGS_LINK_VERSIONS, DB_ARGS(enterprise, device), &rows);

    if (sp_failed(st))
        return st;
    int64_t given_out = db_row_int(&rows, 0, 0), unconfirmed = db_row_int(&rows, 0, 1);
    *ret_above = known < 0 || known > KNOWN_MAX ? 0 : known;
    if (*ret_above > given_out)
        return tell_anew(tx, enterprise, device, known);
    if (unconfirmed > 0 && unconfirmed <= *ret_above)
        *ret_above = unconfirmed - 1;
    return SP_DONE;
}

sp_status settings_above(db_tx *tx, int64_t enterprise_id, int64_t device_id, int64_t above, size_t cap,
                         setting_told *ret_told, size_t *ret_count)
{
    db_rows rows;
    sp_status st =
        db_query(tx, SQL_SETTINGS_LINK_NEXT,
                 DB_ARGS(db_int64(enterprise_id), db_int64(device_id), db_int64(above), db_int32((int32_t)cap)), &rows);

    *ret_count = 0;
    if (sp_failed(st))
        return st;
    for (int i = 0; i < rows.count; i++) {
        const setting_rule *rule = setting_find((uint32_t)db_row_int(&rows, i, 0));

        if (rule) /* else of a newer server, whose database this was */
            ret_told[(*ret_count)++] = (setting_told){rule,
                                                      db_row_int(&rows, i, 1),
                                                      db_row_int(&rows, i, 2),
                                                      {db_row_int(&rows, i, 3), db_row_text(&rows, i, 4)}};
    }
    return SP_DONE;
}

/* ---- Up: what became of values ----------------------------------------------------------------------------------- */

static sp_status confirm(db_tx *tx, int64_t enterprise_id, int64_t device_id, const setting_outcome *outcomes,
                         size_t count)
{
    arena *a = db_tx_arena(tx);
    db_column key, version, number, text, refused;

    db_column_init(&key, a, DB_COLUMN_INT16);
    db_column_init(&version, a, DB_COLUMN_INT64);
    db_column_init(&number, a, DB_COLUMN_INT64);
    db_column_init(&text, a, DB_COLUMN_TEXT);
    db_column_init(&refused, a, DB_COLUMN_TEXT);
    for (size_t i = 0; i < count; i++) {
        if (outcomes[i].edit != 0)
            continue;
        db_column_int(&key, outcomes[i].rule->key);
        db_column_int(&version, outcomes[i].version);
        db_column_int(&number, outcomes[i].value.number);
        db_column_text(&text, outcomes[i].value.text);
        db_column_text(&refused, outcomes[i].refused);
    }
    if (key.count == 0)
        return SP_DONE;
    return db_query(tx, SQL_SETTINGS_LINK_CONFIRM,
                    DB_ARGS(db_int64(enterprise_id), db_int64(device_id), db_column_arg(&key), db_column_arg(&version),
                            db_column_arg(&number), db_column_arg(&text), db_column_arg(&refused)),
                    NULL);
}

/* ---- Up: what was changed there ---------------------------------------------------------------------------------- */

/* The settings of one terminal that somebody changed there: as they are kept, and as they will be. */
typedef struct {
    int64_t version; /* the terminal's, which rises with each setting that changes */
    int64_t again;
    const char *name;
    const char *new_name; /* NULL: as it was */
    setting_kept kept[SETTING_COUNT];
    bool changed[SETTING_COUNT];
} edit_desk;

static bool any_edit(const setting_outcome *outcomes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (outcomes[i].edit != 0)
            return true;
    return false;
}

static sp_status read_kept(db_tx *tx, int64_t enterprise_id, int64_t device_id, const setting_outcome *outcomes,
                           size_t count, edit_desk *desk)
{
    db_column key;
    db_rows rows;

    db_column_init(&key, db_tx_arena(tx), DB_COLUMN_INT16);
    for (size_t i = 0; i < count; i++)
        db_column_int(&key, outcomes[i].rule->key);
    sp_status st = db_query(tx, SQL_SETTINGS_LINK_KEPT,
                            DB_ARGS(db_int64(enterprise_id), db_int64(device_id), db_column_arg(&key)), &rows);
    if (sp_failed(st))
        return st;
    for (size_t i = 0; i < SETTING_COUNT; i++)
        desk->kept[i].value = setting_factory(&setting_rules[i]);
    desk->kept[setting_find(SETTING_KEY_device_name) - setting_rules].value.text = desk->name;
    for (int i = 0; i < rows.count; i++)
        desk->kept[setting_find((uint32_t)db_row_int(&rows, i, 0)) - setting_rules] = (setting_kept){
            db_row_int(&rows, i, 1), db_row_int(&rows, i, 2), {db_row_int(&rows, i, 3), db_row_text(&rows, i, 4)}};
    return SP_DONE;
}

static void tell_again(edit_desk *desk, int64_t version)
{
    if (desk->again == 0 || version < desk->again)
        desk->again = version;
}

static void take_edit(edit_desk *desk, const setting_outcome *edit)
{
    size_t place = (size_t)(edit->rule - setting_rules);
    setting_kept *kept = &desk->kept[place];

    switch (settings_judge(kept, edit)) {
    case EDIT_KNOWN:
    case EDIT_OVERRULED:
        break;
    case EDIT_ACCEPTED:
        *kept = (setting_kept){++desk->version, edit->edit, edit->value};
        desk->changed[place] = true;
        if (edit->rule->key == SETTING_KEY_device_name)
            desk->new_name = edit->value.text;
        break;
    case EDIT_RESTORED: {
        int64_t above = edit->version < KNOWN_MAX && edit->version > desk->version ? edit->version : desk->version;

        desk->version = above + 1;
        *kept = (setting_kept){desk->version, 0, kept->value};
        desk->changed[place] = true;
        break;
    }
    }
    tell_again(desk, kept->version);
}

static sp_status keep(db_tx *tx, db_arg enterprise, db_arg device, const edit_desk *desk)
{
    arena *a = db_tx_arena(tx);
    db_column key, version, edit, number, text;

    db_column_init(&key, a, DB_COLUMN_INT16);
    db_column_init(&version, a, DB_COLUMN_INT64);
    db_column_init(&edit, a, DB_COLUMN_INT64);
    db_column_init(&number, a, DB_COLUMN_INT64);
    db_column_init(&text, a, DB_COLUMN_TEXT);
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        if (!desk->changed[i])
            continue;
        db_column_int(&key, setting_rules[i].key);
        db_column_int(&version, desk->kept[i].version);
        db_column_int(&edit, desk->kept[i].edit);
        db_column_int(&number, desk->kept[i].value.number);
        db_column_text(&text, desk->kept[i].value.text);
    }
    if (key.count == 0)
        return SP_DONE;
    sp_status st = db_query(tx, SQL_SETTINGS_LINK_RAISE,
                            DB_ARGS(enterprise, device, db_int64(desk->version), db_text(desk->new_name)), NULL);
    if (sp_failed(st))
        return st;
    return db_query(tx, SQL_SETTINGS_LINK_KEEP,
                    DB_ARGS(enterprise, device, db_column_arg(&key), db_column_arg(&version), db_column_arg(&edit),
                            db_column_arg(&number), db_column_arg(&text)),
                    NULL);
}

static sp_status take_edits(db_tx *tx, int64_t enterprise_id, int64_t device_id, const setting_outcome *outcomes,
                            size_t count, int64_t *ret_again)
{
    const db_arg enterprise = db_int64(enterprise_id), device = db_int64(device_id);
    edit_desk desk = {0};
    db_rows rows;
    sp_status st = db_query(tx, SQL_SETTINGS_LINK_LOCK, DB_ARGS(enterprise, device), &rows);

    if (sp_failed(st) || rows.count == 0) /* deleted: its stream ends soon */
        return st;
    desk.version = db_row_int(&rows, 0, 0);
    desk.name = db_row_text(&rows, 0, 1);
    st = read_kept(tx, enterprise_id, device_id, outcomes, count, &desk);
    for (size_t i = 0; i < count && !sp_failed(st); i++)
        if (outcomes[i].edit != 0)
            take_edit(&desk, &outcomes[i]);
    if (!sp_failed(st))
        st = keep(tx, enterprise, device, &desk);
    *ret_again = desk.again;
    return st;
}

sp_status settings_reported(db_tx *tx, int64_t enterprise_id, int64_t device_id, const setting_outcome *outcomes,
                            size_t count, int64_t *ret_again)
{
    sp_status st = confirm(tx, enterprise_id, device_id, outcomes, count);

    *ret_again = 0;
    if (sp_failed(st) || !any_edit(outcomes, count))
        return st;
    return take_edits(tx, enterprise_id, device_id, outcomes, count, ret_again);
}
