#include "import_row.h"

#include <string.h>

#include "line.h"
#include "text.h"

char *import_cut(arena *a, const char *text, size_t max_bytes)
{
    size_t n = strnlen(text, max_bytes);

    while (n > 0 && !utf8_is_valid(text, n))
        n--;
    return arena_copy(a, text, n);
}

int import_column_of_text(person_kind kind, person_text text)
{
    size_t count;
    const sheet_column *all = columns_of(kind, &count);

    for (size_t i = 0; i < count; i++)
        if (all[i].form == COLUMN_TEXT && all[i].text == text)
            return (int)i;
    return -1;
}

int import_column_of_form(person_kind kind, column_form form)
{
    size_t count;
    const sheet_column *all = columns_of(kind, &count);

    for (size_t i = 0; i < count; i++)
        if (all[i].form == form)
            return (int)i;
    return -1;
}

/* ---- The header -------------------------------------------------------------------------------------------------- */

static bool is_chinese(const char *header)
{
    for (; *header; header++)
        if ((unsigned char)*header >= 0xe4)
            return true;
    return false;
}

bool import_columns_find(person_kind kind, const sheet_row *row, arena *a, import_columns *ret_columns)
{
    size_t column_count, chinese = 0, known = 0;
    const sheet_column *all = columns_of(kind, &column_count);

    memset(ret_columns, 0, sizeof *ret_columns);
    ret_columns->kind = kind;
    memset(ret_columns->columns, -1, sizeof ret_columns->columns);
    memset(ret_columns->cell_of, -1, sizeof ret_columns->cell_of);
    ret_columns->count = row->count < SHEET_COLUMNS_MAX ? row->count : SHEET_COLUMNS_MAX;
    for (size_t i = 0; i < ret_columns->count; i++) {
        int found = column_find(kind, row->cells[i]);

        ret_columns->headers[i] = import_cut(a, row->cells[i], IMPORT_HEADER_MAX);
        if (!ret_columns->headers[i])
            return false;
        if (found < 0)
            continue;
        if (ret_columns->cell_of[found] >= 0)
            return false;
        ret_columns->columns[i] = (signed char)found;
        ret_columns->cell_of[found] = (signed char)i;
        known++;
        chinese += is_chinese(row->cells[i]);
    }
    for (size_t i = 0; i < column_count; i++)
        if (all[i].required && ret_columns->cell_of[i] < 0)
            return false;
    ret_columns->language = chinese * 2 > known ? LANGUAGE_ZH : LANGUAGE_EN;
    return true;
}

/* ---- Cells ------------------------------------------------------------------------------------------------------- */

void import_row_fault(import_row *row, int column, const char *reason, const char *sentence, const char *value)
{
    for (size_t i = 0; i < row->fault_count; i++)
        if (row->faults[i].column == column)
            return;
    if (row->fault_count < IMPORT_FAULTS_MAX)
        row->faults[row->fault_count++] = (import_fault){column, reason, sentence, value};
}

void import_row_fault_text(import_row *row, person_text text, const char *reason, const char *sentence)
{
    int index = import_column_of_text(row->person.kind, text);

    import_row_fault(row, index, reason, sentence, index >= 0 ? row->cells[index] : "");
}

static void date_take(import_row *row, int index, person_text text, char *room)
{
    switch (date_read(row->cells[index], room)) {
    case DATE_READ:
        row->person.texts[text] = room;
        break;
    case DATE_AMBIGUOUS:
        import_row_fault(row, index, "DATE_AMBIGUOUS",
                         "Day and month can be read either way round; write the date as 2026-12-31.",
                         row->cells[index]);
        break;
    case DATE_UNREADABLE:
        import_row_fault(row, index, "DATE_INVALID", "This is no date of the form 2026-12-31.", row->cells[index]);
        break;
    }
}

static void group_take(import_row *row, int index, const group_paths *groups)
{
    const char *cell = row->cells[index];

    if (!*cell)
        return;
    switch (group_paths_find(groups, cell, &row->person.group_id)) {
    case GROUP_FOUND:
        break;
    case GROUP_UNKNOWN:
        import_row_fault(row, index, "GROUP_UNKNOWN", "There is no such group.", cell);
        break;
    case GROUP_AMBIGUOUS:
        row->person.group_id = 0;
        import_row_fault(row, index, "GROUP_AMBIGUOUS", "Several groups have this name; write the path.", cell);
        break;
    }
}

/* dates has room for one of every text. */
static void cell_take(import_row *row, int index, const sheet_column *c, const group_paths *groups,
                      char dates[][DATE_TEXT_SIZE])
{
    switch (c->form) {
    case COLUMN_TEXT:
        if (person_text_form(c->text) == PERSON_DATE)
            date_take(row, index, c->text, dates[c->text]);
        else
            row->person.texts[c->text] = (char *)row->cells[index];
        break;
    case COLUMN_GENDER:
        if (!gender_read(row->cells[index], &row->person.gender))
            import_row_fault(row, index, "GENDER_UNKNOWN", "Write Female, Male or Other.", row->cells[index]);
        break;
    case COLUMN_GROUP:
        group_take(row, index, groups);
        break;
    case COLUMN_HOST: /* no kind that is imported has hosts */
        break;
    }
}

bool import_row_read(const import_columns *columns, const group_paths *groups, const sheet_row *row, int ordinal,
                     arena *a, import_row *ret_row)
{
    static char none[] = "";
    size_t count;
    const sheet_column *all = columns_of(columns->kind, &count);
    char(*dates)[DATE_TEXT_SIZE] = arena_alloc(a, PERSON_TEXTS * sizeof *dates);

    if (!dates)
        return false;
    *ret_row = (import_row){.number = row->number, .ordinal = ordinal, .person = {.kind = columns->kind}};
    for (int i = 0; i < PERSON_TEXTS; i++)
        ret_row->person.texts[i] = none;
    for (size_t i = 0; i < count; i++) {
        int cell = columns->cell_of[i];
        char *copy = none;

        if (cell >= 0 && (size_t)cell < row->count && *row->cells[cell]) {
            copy = arena_text(a, row->cells[cell]);
            if (!copy)
                return false;
            copy = line_trim(copy);
        }
        ret_row->cells[i] = copy;
        if (*copy)
            cell_take(ret_row, (int)i, &all[i], groups, dates);
    }
    ret_row->fault_count_of_form = ret_row->fault_count;
    return true;
}

void import_row_check(import_row *row, const person *whole)
{
    person_fault faults[PERSON_FAULTS_MAX];
    size_t count = person_faults(whole, faults);

    for (size_t i = 0; i < count; i++)
        import_row_fault_text(row, faults[i].text, faults[i].reason, faults[i].sentence);
}
