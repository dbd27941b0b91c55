/* The folders of the fleet's credentials: DIR/<number>/, found or made. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "options.h"

/* Lists the numbered folders of dir from `first` on, in order of the numbers; up to max. Returns how many. */
size_t fleet_credentials_list(const char *dir, long first, long *ret_numbers, size_t max);

/* Enrols whoever of the numbers first … first+count-1 is not enrolled yet, several at a time. */
bool fleet_credentials_enrol(const agent_options *options);
