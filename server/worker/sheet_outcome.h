/* What reading a sheet came to, as a number that passes between processes. */
#pragma once

#include "wire.h"

worker_sheet_outcome sheet_outcome_of(sp_status status); /* WORKER_SHEET_NOT_READABLE for what is none of them */
sp_status sheet_outcome_status(worker_sheet_outcome outcome);
