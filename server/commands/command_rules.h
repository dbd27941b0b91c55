/* What commands go by. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "smartpass/link/v1/link.pb-c.h"
#include "smartpass/v1/commands.pb-c.h"

typedef Smartpass__V1__CommandState command_state;
typedef Smartpass__V1__CommandKind command_kind;
typedef Smartpass__Link__V1__CommandEvent command_event;

enum {
    COMMAND_DOOR_MS = 10000,
    COMMAND_POWER_MS = 30000,
    COMMAND_RESET_MS = 30000,
    /* After its time, a terminal that went away with a command is not waited for any longer. A reset uploads before it
     * clears, and a restart takes as long as it takes: both end well within. */
    COMMAND_LEFT_MS = 10 * 60 * 1000,
};

/* From being given until nothing is carried out any more. */
int64_t command_good_for_ms(command_kind kind);

/* How a command stands; reason is "" for none. */
typedef struct {
    command_state state;
    const char *reason;
} command_standing;

bool command_is_over(const command_standing *standing);

/* Why a command cannot even be sent; "" when it can. */
const char *command_refusal(bool online, bool approved);

/* What a terminal's report makes of a command. False: nothing; it is over already, or the event is not known. A command
 * that was given up because its terminal had left is still moved by what the terminal says when it returns. The texts
 * are borrowed. */
bool command_moved(const command_standing *now, command_event event, const char *reason, command_standing *ret_next);
