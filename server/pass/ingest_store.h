/* The SQL of ingest: one transaction for the records of many terminals. */
#pragma once

#include "ingest_batch.h"

/* One record in a transaction, and where it came from. */
typedef struct {
    const ingest_source *source;
    const Smartpass__Link__V1__PassRecord *record;
    int64_t id;
    int64_t group_id; /* that the terminal has at the moment; 0 when there is no such terminal */
    bool added;       /* by the transaction at hand, or the last one */
    bool fresh;       /* a transaction of this server has stored it, and was committed */
} ingest_row;

typedef enum {
    INGEST_AS_NEW, /* none of the records was stored before: quick */
    INGEST_AGAIN,  /* some may have been: they are left alone */
} ingest_way;

typedef enum {
    INGEST_STORED,
    INGEST_KNOWN,   /* INGEST_AS_NEW was wrong, and nothing was stored */
    INGEST_REFUSED, /* at least one record's values are not acceptable; nothing was stored */
    INGEST_AWAY,    /* the database could not be asked, or nobody knows what it did: try again */
} ingest_outcome;

/* ids are ascending. ret_sqlstate gets the code of a failure, "" when the database could not be reached. */
ingest_outcome ingest_store_rows(db_pool *system, int writer, ingest_way way, ingest_row *rows, size_t count,
                                 char ret_sqlstate[6]);

/* Sets one refused record aside and raises the alarm. */
ingest_outcome ingest_store_reject(db_pool *system, const ingest_row *row, const char *sqlstate);
