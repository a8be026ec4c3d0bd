#include "experiments/host/base/machine.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* What stands behind the first `separator` of the first line that begins with `key`, without quotes.
   0: there is none. */
static int line_of(char *value, size_t size, const char *path, const char *key, char separator) {
  FILE *file = fopen(path, "r");
  char line[256];
  int found = 0;
  while (file && !found && fgets(line, sizeof line, file)) {
    char *at = strchr(line, separator);
    if (strncmp(line, key, strlen(key)) != 0 || !at)
      continue;
    at += 1 + strspn(at + 1, " \"");
    at[strcspn(at, "\"\n")] = '\0';
    snprintf(value, size, "%s", at);
    found = 1;
  }
  if (file)
    fclose(file);
  return found;
}

host_machine host_machine_here(void) {
  host_machine m = {.cpu = "unknown", .os = "unknown", .memory = "unknown"};
  struct utsname name;
  line_of(m.cpu, sizeof m.cpu, "/proc/cpuinfo", "model name", ':');
  if (!line_of(m.os, sizeof m.os, "/etc/os-release", "PRETTY_NAME", '=') && uname(&name) == 0)
    snprintf(m.os, sizeof m.os, "%.60s %.60s", name.sysname, name.release);
  long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
  if (pages > 0 && page > 0)
    snprintf(m.memory, sizeof m.memory, "%.0f GiB", (double)pages * (double)page / (1 << 30));
  return m;
}
