/* A record's run in words: what a list of runs shows, and what it is filtered by. A name is that of an
 * option, of a parameter of the policy or the reward ("policy.history", also of the policy inside), or one of
 * these: key, status, policy, reward, data. Options that a record of an older version lacks stand at their
 * defaults.
 */
#ifndef SYN_HOST_LABELS_H
#define SYN_HOST_LABELS_H

#include <jansson.h>
#include <stddef.h>

/* The names that are no options and no parameters; ends with NULL. */
extern const char *const host_label_names[];

/* The value of that name, which the caller owns; NULL: the run has none. */
json_t *host_label_value(const json_t *record, const char *name);

/* A value in a word: the shortest number that reads back the same, 784-32-10 for a list, for a policy its
 * name or its rule's file, with the one inside in brackets: explore(qtable). Cut to `size`; NULL is "-". */
char *host_label_text(char *out, size_t size, const json_t *value);

/* Both at once. */
char *host_label(char *out, size_t size, const json_t *record, const char *name);

/* Is a policy, or one inside it, called that? */
int host_label_calls(const json_t *policy, const char *word);

#endif
