/* What may be written about the own account. Pure: values in, verdict out. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "smartpass/v1/account.pb-c.h"

/* What is wrong with a value; reason NULL: nothing. */
typedef struct {
    char field[64]; /* below the message that was looked at: "lists[2].columns" */
    const char *reason;
    const char *sentence;
} account_fault;

account_fault preferences_fault(const Smartpass__V1__Preferences *preferences);

/* From now until when a token may live at most. */
int64_t token_latest_expiry_ms(int64_t now_ms);

account_fault token_expiry_fault(int64_t expires_ms, int64_t now_ms);
