#include "section_store.h"

#include <string.h>

#include "server_org_sql.h"

typedef Smartpass__V1__Section Section;

static void section_from_row(const db_rows *rows, int row, Section *section)
{
    smartpass__v1__section__init(section);
    section->id = db_row_int(rows, row, 0);
    section->group_id = db_row_int(rows, row, 1);
    section->module = (Smartpass__V1__Module)db_row_int(rows, row, 2);
    section->name = (char *)db_row_text(rows, row, 3);
}

sp_status section_store_list(db_tx *tx, int64_t enterprise_id, db_arg groups, int module, Section ***ret_sections,
                             size_t *ret_count)
{
    Section *sections, **pointers;
    db_rows rows;
    sp_status status =
        db_query(tx, SQL_SECTION_LIST, DB_ARGS(db_int64(enterprise_id), groups, db_int16((int16_t)module)), &rows);

    if (sp_failed(status))
        return status;
    sections = arena_array(db_tx_arena(tx), (size_t)rows.count, sizeof *sections);
    pointers = arena_array(db_tx_arena(tx), (size_t)rows.count, sizeof *pointers);
    if (!sections || !pointers)
        return OUT_OF_MEMORY;
    for (int i = 0; i < rows.count; i++) {
        section_from_row(&rows, i, &sections[i]);
        pointers[i] = &sections[i];
    }
    *ret_sections = pointers;
    *ret_count = (size_t)rows.count;
    return SP_DONE;
}

sp_status section_store_count(db_tx *tx, int64_t enterprise_id, int64_t *ret_count)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_SECTION_COUNT, DB_ARGS(db_int64(enterprise_id)), &rows);

    if (!sp_failed(status))
        *ret_count = db_row_int(&rows, 0, 0);
    return status;
}

sp_status section_store_lock(db_tx *tx, int64_t enterprise_id, db_arg groups, int64_t id, Section *ret_section)
{
    db_rows rows;
    sp_status status = db_query(tx, SQL_SECTION_LOCK, DB_ARGS(db_int64(enterprise_id), groups, db_int64(id)), &rows);

    if (sp_failed(status))
        return status;
    if (rows.count == 0)
        return SECTION_NOT_FOUND;
    section_from_row(&rows, 0, ret_section);
    return SP_DONE;
}

sp_status section_store_add(db_tx *tx, int64_t enterprise_id, const Section *section, bool *ret_taken)
{
    sp_status status = db_query(tx, SQL_SECTION_ADD,
                                DB_ARGS(db_int64(enterprise_id), db_int64(section->id), db_int64(section->group_id),
                                        db_int16((int16_t)section->module), db_text(section->name)),
                                NULL);

    *ret_taken = strcmp(db_constraint(tx), "section_name") == 0;
    return status;
}

sp_status section_store_rename(db_tx *tx, int64_t enterprise_id, const Section *section, bool *ret_taken)
{
    sp_status status = db_query(tx, SQL_SECTION_RENAME,
                                DB_ARGS(db_int64(enterprise_id), db_int64(section->id), db_text(section->name)), NULL);

    *ret_taken = strcmp(db_constraint(tx), "section_name") == 0;
    return status;
}

sp_status section_store_remove(db_tx *tx, int64_t enterprise_id, const Section *section)
{
    const db_arg enterprise = db_int64(enterprise_id), group = db_int64(section->group_id), id = db_int64(section->id);
    sp_status status = db_query(tx, SQL_SECTION_EMPTY_PEOPLE, DB_ARGS(enterprise, group, id), NULL);

    if (!sp_failed(status))
        status = db_query(tx, SQL_SECTION_EMPTY_DEVICES, DB_ARGS(enterprise, group, id), NULL);
    return sp_failed(status) ? status : db_query(tx, SQL_SECTION_REMOVE, DB_ARGS(enterprise, id), NULL);
}
