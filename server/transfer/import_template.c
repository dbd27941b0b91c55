/* The template: a sheet with the columns of employees, drop-downs for genders and groups, a sheet that explains the
 * columns, and a hidden one with the groups. All cells are text, so that leading zeros stay. */
#include <stdio.h>
#include <string.h>
#include <xlsxwriter.h>

#include "sheet_writer.h"
#include "smartpass/v1/people.pb-c.h"
#include "transfer_parts.h"

enum { ROWS = 100000, GROUPS_MAX = 5000 };

static const struct {
    const char *employees, *notes, *groups;
    const char *column, *required, *yes, *length, *note;
} WORDS[LANGUAGES] = {
    {"Employees", "Notes", "Groups", "Column", "Required", "yes", "Bytes at most", "Note"},
    {"员工", "说明", "分组", "列", "必填", "是", "最多字节数", "说明"},
};

typedef struct {
    lxw_workbook *workbook;
    lxw_worksheet *employees, *notes, *groups;
    lxw_format *text, *head, *required, *wrapped;
    sheet_language language;
    bool failed;
} template;

static void put(template *t, lxw_worksheet *sheet, size_t row, size_t column, const char *text, lxw_format *format)
{
    if (worksheet_write_string(sheet, (lxw_row_t)row, (lxw_col_t)column, text, format) != LXW_NO_ERROR)
        t->failed = true;
}

static void validate(template *t, size_t column, lxw_data_validation *rule)
{
    if (worksheet_data_validation_range(t->employees, 1, (lxw_col_t)column, ROWS, (lxw_col_t)column, rule) !=
        LXW_NO_ERROR)
        t->failed = true;
}

/* ---- The sheets -------------------------------------------------------------------------------------------------- */

static void genders_offer(template *t, size_t column)
{
    const char *words[4] = {NULL};
    lxw_data_validation rule = {.validate = LXW_VALIDATION_TYPE_LIST, .value_list = (char **)words};

    words[0] = gender_word(SMARTPASS__V1__GENDER__GENDER_FEMALE, t->language);
    words[1] = gender_word(SMARTPASS__V1__GENDER__GENDER_MALE, t->language);
    words[2] = gender_word(SMARTPASS__V1__GENDER__GENDER_OTHER, t->language);
    validate(t, column, &rule);
}

/* A name alone is good too, so the list only offers. libxlsxwriter 1.1 copies the formula twice and frees it once: a
 * few bytes a template, which no other rule for a list of another sheet would save. */
static void groups_offer(template *t, size_t column, size_t count)
{
    char range[96];
    lxw_data_validation rule = {
        .validate = LXW_VALIDATION_TYPE_LIST_FORMULA,
        .value_formula = range,
        .error_type = LXW_VALIDATION_ERROR_TYPE_INFORMATION,
    };

    snprintf(range, sizeof range, "='%s'!$A$1:$A$%zu", WORDS[t->language].groups, count);
    if (count > 0)
        validate(t, column, &rule);
}

static void employees_write(template *t, size_t group_count)
{
    size_t count;
    const sheet_column *all = columns_of(PERSON_EMPLOYEE, &count);

    for (size_t i = 0; i < count; i++) {
        char header[96];

        snprintf(header, sizeof header, "%s%s", all[i].headers[t->language], all[i].required ? " *" : "");
        if (worksheet_set_column(t->employees, (lxw_col_t)i, (lxw_col_t)i, all[i].width, t->text) != LXW_NO_ERROR)
            t->failed = true;
        put(t, t->employees, 0, i, header, all[i].required ? t->required : t->head);
        if (all[i].form == COLUMN_GENDER)
            genders_offer(t, i);
        if (all[i].form == COLUMN_GROUP)
            groups_offer(t, i, group_count);
    }
    worksheet_freeze_panes(t->employees, 1, 2);
}

static void notes_write(template *t)
{
    size_t count;
    const sheet_column *all = columns_of(PERSON_EMPLOYEE, &count);

    put(t, t->notes, 0, 0, WORDS[t->language].column, t->head);
    put(t, t->notes, 0, 1, WORDS[t->language].required, t->head);
    put(t, t->notes, 0, 2, WORDS[t->language].length, t->head);
    put(t, t->notes, 0, 3, WORDS[t->language].note, t->head);
    worksheet_set_column(t->notes, 0, 2, 18, NULL);
    worksheet_set_column(t->notes, 3, 3, 80, t->wrapped);
    for (size_t i = 0; i < count; i++) {
        char length[24] = "";

        if (all[i].form == COLUMN_TEXT && person_text_form(all[i].text) != PERSON_DATE)
            snprintf(length, sizeof length, "%zu", person_text_max_bytes(PERSON_EMPLOYEE, all[i].text));
        put(t, t->notes, i + 1, 0, all[i].headers[t->language], NULL);
        put(t, t->notes, i + 1, 1, all[i].required ? WORDS[t->language].yes : "", NULL);
        put(t, t->notes, i + 1, 2, length, NULL);
        put(t, t->notes, i + 1, 3, all[i].notes[t->language], t->wrapped);
    }
}

static size_t groups_write(template *t, const group_paths *groups)
{
    size_t count = group_paths_count(groups) < GROUPS_MAX ? group_paths_count(groups) : GROUPS_MAX;

    for (size_t i = 0; i < count; i++)
        put(t, t->groups, i, 0, group_path_at(groups, i), t->text);
    worksheet_hide(t->groups);
    return count;
}

/* ---- The workbook ------------------------------------------------------------------------------------------------ */

static bool begin(template *t, const char *path)
{
    t->workbook = workbook_new(path);
    if (!t->workbook)
        return false;
    t->employees = workbook_add_worksheet(t->workbook, WORDS[t->language].employees);
    t->notes = workbook_add_worksheet(t->workbook, WORDS[t->language].notes);
    t->groups = workbook_add_worksheet(t->workbook, WORDS[t->language].groups);
    t->text = workbook_add_format(t->workbook);
    t->head = workbook_add_format(t->workbook);
    t->required = workbook_add_format(t->workbook);
    t->wrapped = workbook_add_format(t->workbook);
    if (!t->employees || !t->notes || !t->groups || !t->text || !t->head || !t->required || !t->wrapped)
        return false;
    format_set_num_format_index(t->text, 49); /* text */
    format_set_bold(t->head);
    format_set_bold(t->required);
    format_set_font_color(t->required, 0xb42318);
    format_set_text_wrap(t->wrapped);
    format_set_align(t->wrapped, LXW_ALIGN_VERTICAL_TOP);
    return true;
}

sp_status import_template_write(const char *path, sheet_language language, const group_paths *groups)
{
    template t = {.language = language};

    if (!begin(&t, path)) {
        lxw_workbook_free(t.workbook);
        return SHEET_NOT_WRITTEN;
    }
    employees_write(&t, groups_write(&t, groups));
    notes_write(&t);
    return workbook_close(t.workbook) == LXW_NO_ERROR && !t.failed ? SP_DONE : SHEET_NOT_WRITTEN;
}
