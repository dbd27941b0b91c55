/* The columns of sheets about people, of each kind: the template has them, imports understand them in either language,
 * exports and failed rows are written with them. Pure. */
#pragma once

#include "person.h"

typedef enum { LANGUAGE_EN, LANGUAGE_ZH } sheet_language;
enum { LANGUAGES = 2 };

/* "zh" and what begins with it ("zh-CN"); anything else is English. */
sheet_language sheet_language_of(const char *text);

typedef enum {
    COLUMN_TEXT,   /* person.texts[column.text] */
    COLUMN_GENDER, /* a word: gender_word */
    COLUMN_GROUP,  /* the path or the name of a group: group_paths.h */
    COLUMN_HOST,   /* the number of the employee whom a visitor visits */
} column_form;

typedef struct {
    const char *field; /* of Employee, Visitor or BlacklistEntry: "card_number", "group_id" */
    column_form form;
    person_text text; /* COLUMN_TEXT */
    bool required;
    int width; /* characters, of the sheet's column */
    const char *headers[LANGUAGES];
    const char *notes[LANGUAGES]; /* one sentence for whoever fills it in */
} sheet_column;

enum { COLUMNS_MAX = PERSON_TEXTS + 3 };

/* In the order of the sheet; static. Every text field of the kind is among them. */
const sheet_column *columns_of(person_kind kind, size_t *ret_count);

/* The index of the column that a header means, in whichever language, whatever its case, blanks and asterisk; -1: none.
 */
int column_find(person_kind kind, const char *header);

/* The last column of a sheet of failed rows. An import takes no notice of a column of this name. */
const char *column_reason_header(sheet_language language);
bool column_is_reason(const char *header);

/* ---- Cells ------------------------------------------------------------------------------------------------------- */

/* "Female", "男", …; "" for a gender that is not stated. gender is of smartpass.v1.Gender. */
const char *gender_word(int gender, sheet_language language);

/* The word of either language, a letter (F, M) or nothing (not stated); false for anything else. */
bool gender_read(const char *text, int *ret_gender);

enum { DATE_TEXT_SIZE = 11 };
typedef enum { DATE_READ, DATE_AMBIGUOUS, DATE_UNREADABLE } date_verdict;

/* As "YYYY-MM-DD". Read are years first with any of - / . or 年月日 between, with or without leading zeros, also
 * followed by a time of the day; 20260105; day and month before the year only where no other reading is possible. ""
 * stays "". */
date_verdict date_read(const char *text, char ret_date[DATE_TEXT_SIZE]);
