/* What terminals tell of their own doings, on its way into the database. */
#pragma once

#include "terminal.h"

/* How many lines each terminal may still send. */
struct log_meters;
struct log_meters *log_meters_new(void); /* NULL when memory is out */
void log_meters_free(struct log_meters *m);

/* Whether a batch may go to the lane: the terminal waits for the acknowledgement of the one before. On the queue's
 * thread. */
bool log_lines_expected(terminal *t, const Smartpass__Link__V1__LogBatch *batch);

/* On the lane. */
void log_lines_arrived(terminal *t, arena *a, const Smartpass__Link__V1__ConnectRequest *request);

/* The stream is over: says how many lines were dropped on it. On the lane. */
void log_lines_left(const terminal *t);
