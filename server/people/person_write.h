/* Writing one person: every rule that does not depend on who asks for it, an RPC or an import. */
#pragma once

#include "person_store.h"

/* On whose behalf. */
typedef struct {
    people_scope scope; /* what he sees */
    int64_t group_id;   /* whose subtree that is */
    int64_t user_id;
    bool may_view[PERSON_KINDS], may_edit[PERSON_KINDS]; /* by kind */
    int64_t now_ms;
} person_writer;

/* Static texts, but for the sentence, which may be in tx's arena. */
typedef struct {
    const char *field; /* of the contract's message: "card_number" */
    const char *reason, *sentence;
} person_refusal;

enum { PERSON_REFUSALS_MAX = 24 };

typedef struct {
    person_refusal refusals[PERSON_REFUSALS_MAX];
    size_t refusal_count;    /* not 0: nothing may be committed */
    const char *card_holder; /* "Ann Lee (0007)": who has the card that was refused, if the writer may know; or NULL */
    person_row before;       /* of a change, under the lock */
    person_row after;
    person_row robbed; /* who lost the card, as before; id 0: nobody */
    int64_t *changed;  /* people whose terminals must hear of it, for people_tell; in tx's arena */
    size_t changed_count;
} person_outcome;

/* Writes him with his photo. Texts are trimmed UTF-8; group 0 becomes the writer's. With take_card, whoever has the
 * card loses it, if the writer sees and may edit him. A failed status is none of the person's faults. A new person has
 * an id of id_next already. */
sp_status person_add(const server_people *people, db_tx *tx, const person_writer *writer, person *p, bool take_card,
                     person_outcome *ret_outcome) SP_MUST_USE;
sp_status person_change(const server_people *people, db_tx *tx, const person_writer *writer, person *p, bool take_card,
                        person_outcome *ret_outcome) SP_MUST_USE;

/* Terminals that have these people hear of it when tx commits. Once in a transaction, last; for nobody it does nothing.
 */
sp_status people_tell(const server_people *people, db_tx *tx, int64_t enterprise_id, const int64_t *ids, size_t count,
                      int64_t now_ms) SP_MUST_USE;
