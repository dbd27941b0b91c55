/* The commands of one terminal: what the server wants done at once, and what it has to hear of that. Between the files
 * of the terminal; nobody else includes it. */
#pragma once

#include "command_journal.h"
#include "messages.h"

typedef struct terminal terminal;

enum { COMMAND_REPORTS = 64 };

typedef struct {
    int64_t id;
    smartpass_link_v1_CommandEvent event;
    char reason[COMMAND_REASON_SIZE];
} command_note;

typedef struct {
    command_journal *journal; /* NULL: it cannot be opened, and no command is taken */
    int64_t trusted_ms;       /* until when a lost journal is not to be trusted with what it does not know */

    command_note notes[COMMAND_REPORTS]; /* that the server is to hear, in this order */
    size_t first_note, note_count;

    int64_t ending_id; /* of the restart or end that is under way; 0: none */
    int ending_kind;
    int64_t ending_ms; /* when the next step of it is taken */
    bool end_told;     /* that it shuts down is written down, and on its way to the server */

    int64_t reset_id; /* that is under way; 0: none */
    int64_t reset_ms; /* when it looks next whether everything was sent */
    int64_t reset_until_ms;

    bool leaving; /* the enrolment has to go */
} terminal_commands;

/* Opens the journal; what was begun before the start has ended. */
void commands_begin(terminal *t);
void commands_end(terminal *t);

/* From the link: an order; its end is stored by the server; a new conversation; the conversation is over. */
void commands_order(terminal *t, const CommandOrder *order);
void commands_acked(terminal *t, int64_t id);
void commands_welcomed(terminal *t);
void commands_lost(terminal *t);

/* Fills what the server is to hear next; false: nothing. */
bool commands_report(terminal *t, ConnectRequest *ret_message);

/* What is under way goes on. False: the terminal cannot (terminal_ready). */
bool commands_tick(terminal *t, int64_t now_ms);
int64_t commands_due_ms(const terminal *t);
