/* Runners with kinds of operations that do what a test wants to see, and the effects that they leave in the database.
 * Each test has enterprises of its own. */
#pragma once

#include "fixture.h"
#include "operation_store.h"

extern db_pool *workshop_app, *workshop_system;

/* Fixtures of a test case. */
void workshop_up(void);
void workshop_down(void);

SP_STATUS(TOOL_BROKEN, SP_FAILED_PRECONDITION, "The tool is broken.");

/* The kinds; each takes the number of steps as its request, and adds a row to "effect" for each step.
 * count: resumable, every step in one transaction with its checkpoint, a millisecond each.
 * hurry: not resumable, reports as often as it can.
 * stay: not resumable, does not report and goes on until it shall stop.
 * fail: TOOL_BROKEN after the steps.
 * crash: resumable, ends the whole process.
 * sleepwalk: resumable, does a step, then waits for workshop_wake whatever happens, then tries another step. */
server_operations *workshop_runner(int threads, int lease_ms);
void workshop_wake(void);
const char *
workshop_last_words(void);  /* what the second step of a first-attempt sleepwalk ended with; "" so far: none */
int workshop_changes(void); /* notifications heard by all runners */

int64_t workshop_enterprise(void);
int64_t workshop_start(int64_t enterprise_id, const char *kind, int steps); /* by user 7 */
void workshop_cancel(int64_t enterprise_id, int64_t id);

/* As text: "2", "RUNNING"... of any column or expression of the operation. */
const char *workshop_see(int64_t id, const char *expression);

/* Until the expression is true; fails the test after 20 seconds. */
void workshop_await(int64_t id, const char *condition);

/* "steps/distinct steps". */
const char *workshop_effects(int64_t id);
