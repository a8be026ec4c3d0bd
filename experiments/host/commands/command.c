#include "experiments/host/commands/command.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/param.h"
#include "experiments/host/base/say.h"
#include "experiments/host/base/words.h"

#define FLAGS_MAX 32   /* of a command */
#define WORD_MOST 3840 /* bytes: a folder, and 256 for what lies in it, are a path (PATH_MAX) */

const char *const host_exit_statuses =
    "0: done; 1: a run, a file or a comparison failed; 2: wrong use or bad input, told in\n"
    "one line; 130, 143, 129 or 138: ended by SIGINT (Ctrl-C), SIGTERM, SIGHUP or SIGUSR1;\n"
    "finished runs are kept then, checkpoints of the others too, and the same command goes on\n"
    "from there; 141: ended by SIGPIPE, as the reader of what it prints was gone.";

/* The name with the part, "rule show". */
static const char *full_name(char name[64], const host_command *command, const char *part) {
  snprintf(name, 64, "%s%s%s", command->name, command->parts ? " " : "",
           command->parts ? part : "");
  return name;
}

/* Does the part take it? */
static int belongs(const host_flag *flag, const char *part) {
  size_t n = strlen(part);
  for (const char *at = flag->parts; at; at = strchr(at, ' ') ? strchr(at, ' ') + 1 : NULL)
    if (strncmp(at, part, n) == 0 && (at[n] == ' ' || at[n] == '\0'))
      return 1;
  return !flag->parts;
}

/* All that this part takes, at most FLAGS_MAX. */
static size_t flags_of(const host_flag *list[FLAGS_MAX], const host_command *command,
                       const char *part) {
  size_t n = 0;
  for (int own = 1; own >= 0; own--)
    for (const host_flag *flag = own ? command->flags : command->more; flag && flag->name; flag++)
      if (n < FLAGS_MAX && (!command->parts || belongs(flag, part)))
        list[n++] = flag;
  return n;
}

/* What an option was called before. */
static const char *const renamed[][2] = {{"--threads", "--jobs"}, {"--to", "--out"}};

/* One of the names, which end with NULL, that may have been meant; or NULL. */
static const char *meant(const char *flag, const char *const *names) {
  for (size_t i = 0; i < sizeof renamed / sizeof *renamed; i++)
    for (const char *const *name = names; *name && strcmp(flag, renamed[i][0]) == 0; name++)
      if (strcmp(*name, renamed[i][1]) == 0)
        return *name;
  return syn_nearest(flag, names);
}

static int unknown(const host_command *command, const char *part, const char *typed) {
  const host_flag *list[FLAGS_MAX];
  const char *names[FLAGS_MAX + 1] = {0};
  char flag[64], name[64];
  size_t n = flags_of(list, command, part);
  for (size_t i = 0; i < n; i++)
    names[i] = list[i]->name;
  snprintf(flag, sizeof flag, "%.*s", (int)strcspn(typed, "="), typed);
  const char *near = meant(flag, names);
  full_name(name, command, part);
  if (!near && command->takes_params)
    return host_wrong("%s: no option is named '%s'; a parameter of the rule is given as %s=NUMBER",
                      name, flag, flag + strspn(flag, "-"));
  return near ? host_wrong("%s: no option is named '%s'; did you mean '%s'?", name, flag, near)
              : host_wrong("%s: no option is named '%s'; `synlab %s --help` says what it takes",
                           name, flag, command->name);
}

/* ---- values ------------------------------------------------------------------------------------ */

static int number(double *to, const host_flag *flag, const char *text) {
  int whole = flag->kind == HOST_WHOLE;
  const syn_param row = {.name = flag->name,
                         .unit = flag->kind == HOST_SECONDS ? "seconds" : "",
                         .kind = whole ? SYN_PARAM_INTEGER : SYN_PARAM_NUMBER,
                         .lo = whole,
                         .hi = whole                        ? flag->most
                               : flag->kind == HOST_SECONDS ? 1e6
                                                            : 1};
  char *end;
  syn_arg given = {.text = text, .number = strtod(text, &end)};
  syn_value value;
  syn_ctx ctx = {0};
  int plain = !text[strspn(text, whole ? "0123456789" : "0123456789.eE+-")] && !*end;
  given.kind = plain ? SYN_ARG_NUMBER : SYN_ARG_TEXT;
  if (syn_param_take(&value, &row, &given, "", &ctx))
    return host_wrong("%s", ctx.error);
  *to = value.number;
  return 0;
}

static int one_more(host_words *words, const char *name, const host_flag *flag, const char *text) {
  if (words->n == words->room)
    return host_wrong("%s: %s stands more than %zu times", name, flag->name, words->room);
  words->list[words->n++] = text;
  return 0;
}

/* 0, or 2 after a line: no path may be so long. `what`: " --out", or "". */
static int check_length(const char *name, const char *what, const char *text) {
  size_t n = strlen(text);
  return n <= WORD_MOST ? 0
                        : host_wrong("%s:%s '%.60s...': path too long: %zu bytes, of at most %d",
                                     name, what, text, n, WORD_MOST);
}

/* `text` is one of argv. */
static int take(void *to, const char *name, const host_flag *flag, char *text) {
  if (!text || !*text)
    return host_wrong("%s: %s wants a value", name, flag->name);
  double whole;
  char what[64];
  snprintf(what, sizeof what, " %s", flag->name);
  if (check_length(name, what, text))
    return 2;
  switch (flag->kind) {
  case HOST_WHOLE:
    if (number(&whole, flag, text))
      return 2;
    *(unsigned *)to = (unsigned)whole;
    return 0;
  case HOST_SECONDS:
  case HOST_SHARE:
    return number(to, flag, text);
  case HOST_FILES:
    return one_more(to, name, flag, text);
  default:
    *(const char **)to = flag->kind == HOST_FOLDER ? host_trim(text) : text;
    return 0;
  }
}

/* The option at argv[*i]; *i moves to its value, if that is a word of its own. */
static int read_flag(void *to, const char *name, const host_flag *flag, int argc, char **argv,
                     int *i) {
  char *value = strchr(argv[*i], '=');
  if (flag->kind == HOST_SWITCH && value)
    return host_wrong("%s: %s takes no value", name, flag->name);
  if (flag->kind == HOST_SWITCH) {
    *(int *)to = 1;
    return 0;
  }
  if (value)
    value++;
  else if (*i + 1 < argc && strncmp(argv[*i + 1], "--", 2) != 0)
    value = argv[++*i];
  return take(to, name, flag, value);
}

/* ---- the line of a command --------------------------------------------------------------------- */

int host_arguments(host *h, const host_command *command, void *arguments, int argc, char **argv,
                   size_t *n) {
  const host_flag *list[FLAGS_MAX];
  char name[64], given[FLAGS_MAX] = {0};
  size_t flags = flags_of(list, command, argv[0]);
  int wrong = 0;
  *n = 0;
  full_name(name, command, argv[0]);
  for (int i = 1; i < argc && !wrong; i++) {
    if (strcmp(argv[i], "--") == 0) {
      while (++i < argc)
        h->words[(*n)++] = argv[i];
      break;
    }
    if (argv[i][0] != '-' || argv[i][1] == '\0') {
      h->words[(*n)++] = argv[i];
      continue;
    }
    size_t at = 0, length = strcspn(argv[i], "=");
    while (at < flags &&
           (strlen(list[at]->name) != length || strncmp(list[at]->name, argv[i], length) != 0))
      at++;
    if (at == flags)
      return unknown(command, argv[0], argv[i]);
    if (given[at] && list[at]->kind != HOST_SWITCH && list[at]->kind != HOST_FILES)
      return host_wrong("%s: %s is given twice", name, list[at]->name);
    given[at] = 1;
    wrong = read_flag((char *)arguments + list[at]->to, name, list[at], argc, argv, &i);
  }
  for (size_t i = 0; i < *n && !wrong; i++)
    wrong = *h->words[i]
                ? check_length(name, "", h->words[i])
                : host_wrong("%s: an empty word, where a file, a name or a number is wanted", name);
  return wrong;
}

int host_part(const host_command *command, int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  for (int i = 0; command->parts[i]; i++)
    if (strcmp(command->parts[i], what) == 0)
      return i;
  const char *near = syn_nearest(what, command->parts);
  if (near) {
    host_wrong("%s has no '%s'; did you mean '%s'?", command->name, what, near);
    return -1;
  }
  char list[256] = "";
  for (size_t i = 0, n = 0; command->parts[i] && n < sizeof list; i++)
    n += (size_t)snprintf(list + n, sizeof list - n, "%s%s",
                          i == 0                  ? ""
                          : command->parts[i + 1] ? ", "
                                                  : " or ",
                          command->parts[i]);
  host_wrong("%s: %s; `synlab %s --help` says more", command->name, list, command->name);
  return -1;
}

void host_usage(FILE *out, const host_command *command) {
  fputs("usage: ", out);
  for (const char *line = command->synopsis; *line;) {
    size_t n = strcspn(line, "\n");
    fprintf(out, "%s%.*s\n", line == command->synopsis ? "" : "       ", (int)n, line);
    line += n + (line[n] == '\n');
  }
  if (command->about)
    fprintf(out, "\n%s\n", command->about);
  if (command->flags)
    fputc('\n', out);
  for (const host_flag *flag = command->flags; flag && flag->name; flag++) {
    char head[64];
    snprintf(head, sizeof head, "%s%s%s", flag->name, flag->value ? " " : "",
             flag->value ? flag->value : "");
    for (const char *line = flag->doc; *line;) {
      size_t n = strcspn(line, "\n");
      fprintf(out, "  %-15s %.*s\n", line == flag->doc ? head : "", (int)n, line);
      line += n + (line[n] == '\n');
    }
  }
  if (command->after)
    fprintf(out, "\n%s\n", command->after);
}
