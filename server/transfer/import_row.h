/* A row of an imported sheet: which columns the sheet has, what the row says of an employee, and what is wrong with it.
 * Pure. */
#pragma once

#include "arena.h"
#include "columns.h"
#include "group_paths.h"
#include "people_rules.h"
#include "sheet_row.h"

enum { IMPORT_VALUE_MAX = 96, IMPORT_HEADER_MAX = 96 };

/* Where the columns of the kind stand in a sheet. */
typedef struct {
    person_kind kind;
    sheet_language language;                /* of most headers */
    size_t count;                           /* cells of the header */
    const char *headers[SHEET_COLUMNS_MAX]; /* as they stand, cut to IMPORT_HEADER_MAX bytes */
    signed char columns[SHEET_COLUMNS_MAX]; /* index in columns_of; -1: not imported */
    signed char cell_of[COLUMNS_MAX];       /* the other way round; -1: the sheet has no such column */
} import_columns;

/* Whether the row is the header: every required column is among its cells, none twice. Copies go to the arena. */
bool import_columns_find(person_kind kind, const sheet_row *row, arena *a, import_columns *ret_columns);

typedef struct {
    int column;         /* index in columns_of; -1: the whole row */
    const char *reason; /* static, as sentence */
    const char *sentence;
    const char *value; /* what stood there, whole; borrowed */
} import_fault;

enum { IMPORT_FAULTS_MAX = 2 * COLUMNS_MAX };

/* What a row says. Texts, group and gender that it does not state are "" and 0. */
typedef struct {
    int number;  /* as the sheet counts */
    int ordinal; /* among the rows below the header that hold anything, from 0 */
    person person;
    const char *cells[COLUMNS_MAX];          /* trimmed, by index in columns_of; "" where the sheet has none */
    size_t fault_count, fault_count_of_form; /* the latter: those that do not depend on what is stored */
    import_fault faults[IMPORT_FAULTS_MAX];
} import_row;

/* Reads cells: dates and genders become what is stored, the group is looked for among those that the importer sees.
 * Fills in faults of form; whether the person as a whole is in order, import_row_check tells, because what a row does
 * not state may be there already. False when memory is out. */
bool import_row_read(const import_columns *columns, const group_paths *groups, const sheet_row *row, int ordinal,
                     arena *a, import_row *ret_row);

/* Adds the faults of the person as he shall be stored. Those of a column that has one already are left out. */
void import_row_check(import_row *row, const person *whole);

/* Adds a fault, unless its column has one already or there is no room. */
void import_row_fault(import_row *row, int column, const char *reason, const char *sentence, const char *value);

/* The same at the column of a text, with what stands there. */
void import_row_fault_text(import_row *row, person_text text, const char *reason, const char *sentence);

/* Index in columns_of; -1: none. */
int import_column_of_text(person_kind kind, person_text text);
int import_column_of_form(person_kind kind, column_form form);

/* The first bytes of a text, cut between two characters, in the arena; NULL when memory is out. */
char *import_cut(arena *a, const char *text, size_t max_bytes);
