/* The store that a word names. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "experiments/host/base/say.h"
#include "experiments/host/base/words.h"
#include "experiments/host/commands/store.h"

const char *host_store_named(const char *part, const char *word) {
  char runs[4096];
  char *folder = host_trim((char *)(uintptr_t)word); /* of argv, or a constant without slashes */
  snprintf(runs, sizeof runs, "%s/runs/.", folder);
  if (access(runs, R_OK | X_OK) == 0)
    return folder;
  int why = errno;
  const char *inside = strrchr(folder, '/');
  runs[strlen(runs) - 2] = '\0';
  if (strcmp(inside ? inside + 1 : folder, "runs") == 0)
    host_wrong("store %s: %s: give the folder that `runs` lies in: %.*s", part, folder,
               inside ? (int)(inside - folder) : 1, inside ? folder : ".");
  else
    host_wrong("store %s: %s: no run store: %s", part, runs, strerror(why));
  return NULL;
}
