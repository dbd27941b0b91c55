/* What reading a zip or one of its files came to, as a number that passes between processes. */
#pragma once

#include "wire.h"

worker_archive_outcome archive_outcome_of(sp_status status); /* WORKER_ARCHIVE_NOT_READABLE for what is none of them */
sp_status archive_outcome_status(worker_archive_outcome outcome);
