/* The file of a plan, OUT/plan/NAME-DIGEST.jsonl: a line of JSON for each of its runs, the longest run
 * first, all of them of one width, so that the line of a run is found by its number without reading
 * the others. What many runs share stands once.
 *
 *   {"plan":1,"numerics":..,"first":F,"width":W,"runs":N}    the head, filled up with spaces
 *   a line each: options, policies, rewards, images, long texts; at byte 256 and on
 *   {"key":..,"like":[A,B],"run":{..},"policy":[A,B],..}     N lines of W bytes, at byte F and on
 *
 * The head of a plan for a store of its own, that of --store, has "store":[A,B], its absolute path.
 *
 * [A,B] stands for what is shared: the B bytes of JSON at byte A of the file. `run` has the options
 * that differ from those of `like`; `policy`, `reward` and `data` stand where the run has them. In a
 * policy or reward {"text":[A,B]} stands for a long text, such as that of a rule. The digest in the name is that of the whole file: another plan has another file, and what
 * waits in a queue goes on to mean what it meant.
 *
 * Before there were such files a run had one of its own, KEY.json:
 *
 *   {"key", "numerics", "run": every option, and the policy with its text,
 *    "data": {"name": a known set or an absolute path, "digest"}}
 *
 * They are read likewise, as plans of one run, and each run is handed out in this form.
 */
#ifndef SYN_HOST_PLAN_FILE_H
#define SYN_HOST_PLAN_FILE_H

#include <jansson.h>

#include "engine/base/digest.h"
#include "engine/base/status.h"

/* ---- writing ----------------------------------------------------------------------------------- */

typedef struct host_shared host_shared; /* what runs share */

/* NULL: not enough memory. */
host_shared *host_shared_open(void);
void host_shared_close(host_shared *shared);

/* [A,B] of the value, which is taken up if it is new. Borrowed. NULL: not enough memory. */
json_t *host_shared_put(host_shared *shared, const json_t *value);

/* The same of a policy or reward, whose long texts are taken up apart. */
json_t *host_shared_policy(host_shared *shared, const json_t *policy);

/* The whole file: `lines` (n) in their order; `store` is the absolute path of the store, or NULL: it is that of
 * OUT. *text is malloc'ed. SYN_ENOMEM; SYN_EINVAL: that path is no UTF-8 text. */
syn_status host_plan_text(char **text, size_t *size, host_shared *shared, const char *store,
                          const char *const *lines, size_t n, syn_ctx *ctx);

/* ---- reading ----------------------------------------------------------------------------------- */

typedef struct host_plan_file host_plan_file;

/* SYN_EINPUT: there is none, it is no plan, it is cut. */
syn_status host_plan_file_open(host_plan_file **out, const char *path, syn_ctx *ctx);
void host_plan_file_close(host_plan_file *file);

size_t host_plan_file_runs(const host_plan_file *file);
/* The store that it is for; NULL: that of OUT. Borrowed. */
const char *host_plan_file_store(const host_plan_file *file);

/* Where a run stands, for messages: "PATH" of a KEY.json, else "PATH, run 3". */
void host_plan_file_place(char *out, size_t size, const host_plan_file *file, size_t number);

/* The key of run `number`, from 1 on, and nothing else of it. Errors as below. */
syn_status host_plan_file_key(char key[SYN_DIGEST_SIZE], const host_plan_file *file, size_t number,
                              syn_ctx *ctx);

/* Run `number`, from 1 on, in the form of a KEY.json. SYN_EINVAL: there is none of that number, and how
 * many there are; SYN_EINPUT: its line is damaged. */
syn_status host_plan_file_run(json_t **run, const host_plan_file *file, size_t number,
                              syn_ctx *ctx);

#endif
